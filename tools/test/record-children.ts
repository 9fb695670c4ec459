/** Jest calls this before each test file, whose environment is a copy: only processes that the file starts have it. */
import { childrenRecorded } from './children-recorded.ts';

Object.assign(process.env, childrenRecorded());

/** Enough that nobody waits for the load, few enough that answers wait for each other little. */
export const connections = 16;

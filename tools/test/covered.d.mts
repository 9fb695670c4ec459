export declare const covered: readonly string[];
export declare const notCovered: readonly string[];

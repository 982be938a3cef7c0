/** The authorization server made of `ace-oauth`: nothing is exported yet. */
export {}

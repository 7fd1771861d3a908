import fc from "fast-check";

/** Property tests see the same cases in every run; `SEED=7` shows others. */
fc.configureGlobal({ seed: Number(process.env.SEED ?? 20_260_115) });

/** Names of environment variables: which belong to platforms and libraries, and which are mistaken for one another. */
import { edits } from "../nearest.ts";

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** Set or read by operating systems, platforms, runtimes and tools, whatever the project's own source says. */
const FOREIGN = words(
  `PATH HOME HOST HOSTNAME PORT USER USERNAME SHELL TERM PWD OLDPWD TMPDIR TMP TEMP LANG LANGUAGE TZ EDITOR DISPLAY LOGNAME MAIL UID GID PUID PGID UMASK
  CI DEBUG ENV ENVIRONMENT MODE COLUMNS LINES VIRTUAL_ENV VIRTUAL_HOST VIRTUAL_PORT WEB_CONCURRENCY DYNO DATABASE_URL LOG_LEVEL NO_COLOR FORCE_COLOR COLORTERM
  HTTP_PROXY HTTPS_PROXY NO_PROXY ALL_PROXY APP_NAME TINI_SUBREAPER DEBIAN_FRONTEND LD_PRELOAD LD_LIBRARY_PATH MALLOC_ARENA_MAX WATCHFILES_FORCE_POLLING
  BASE_URL PROD DEV SSR`,
);

/** First words of names that libraries read by themselves or platforms provide. */
const FAMILIES = words(
  `LC XDG SSH SSL CURL REQUESTS PYTHON PIP UV POETRY PIPENV CONDA GUNICORN UVICORN HYPERCORN FLASK DJANGO CELERY FLOWER ALEMBIC SCRAPY AIRFLOW PREFECT STREAMLIT
  GRADIO JUPYTER NODE NPM YARN PNPM COREPACK NEXT NEXTAUTH NUXT VITE REACT EXPO CHOKIDAR WDS BROWSER BUN DENO PRISMA TS JAVA JDK JVM MAVEN GRADLE SPRING KOTLIN GO
  GOPATH GIN CGO RUST CARGO RAILS RACK BUNDLE RUBY GEM PHP COMPOSER LARAVEL DOTNET ASPNETCORE NUGET OTEL DD DATADOG SENTRY ELASTIC NEW AWS GOOGLE GCP GCLOUD
  CLOUDSDK AZURE ARM MSI VERCEL NETLIFY HEROKU FLY RAILWAY RENDER K KUBERNETES KUBE POD NAMESPACE DOCKER COMPOSE BUILDKIT BUILDX GITHUB GITLAB CIRCLE JENKINS TRAVIS
  RUNNER BUILD LETSENCRYPT TRAEFIK NGINX CUDA NVIDIA TORCH TF TRANSFORMERS HF HUGGINGFACE TOKENIZERS OMP MKL OPENBLAS OPENAI ANTHROPIC AZURE COHERE LANGCHAIN
  LANGSMITH TERM PROMETHEUS PG PGHOST VIRTUAL CONFLUENT SUPABASE`,
);

/** True for a name of a platform, a runtime or a library: who sets and who reads it cannot be seen in the project. */
export function isForeign(name: string): boolean {
  if (
    FOREIGN.has(name) ||
    name.startsWith("_") ||
    /^(?:PYTHON|PG|GO|npm_|MYSQL_|POSTGRES_|REDISCLI)[A-Za-z_]/.test(name)
  ) {
    return true;
  }
  const first = name.slice(0, (name.indexOf("_") + 1 || name.length + 1) - 1);
  return FAMILIES.has(first);
}

/** First words that tell environments and roles apart: `TEST_DATABASE_URL` is not a mistaken `DATABASE_URL`. */
const APART = words(
  "TEST TESTING DEV DEVELOPMENT PROD PRODUCTION STAGING LOCAL OLD NEW DEFAULT BACKUP REPLICA READ WRITE SLAVE MASTER PRIMARY SECONDARY MIN MAX ENABLE DISABLE USE NO SKIP ADMIN PUBLIC PRIVATE INTERNAL EXTERNAL",
);

/**
 * Whether one name was likely written for the other: a prefix more or less before at least two words, or one letter, two
 * in a long name, that differs. `undefined` if not; else a distance, smaller is likelier.
 */
export function mistaken(written: string, wanted: string): number | undefined {
  const [a, b] = [written.toUpperCase(), wanted.toUpperCase()];
  const [longer, shorter] = a.length > b.length ? [a, b] : [b, a];
  if (longer.endsWith(`_${shorter}`) && shorter.includes("_")) {
    const prefix = longer.slice(0, longer.length - shorter.length - 1).split("_");
    return prefix.length <= 2 && !prefix.some((word) => APART.has(word)) ? prefix.length : undefined;
  }
  const most = shorter.length >= 9 ? 2 : shorter.length >= 5 ? 1 : 0;
  if (most === 0 || longer.length - shorter.length > most || longer.length > LONGEST) return undefined;
  if (a.replace(/\d/g, "") === b.replace(/\d/g, "") || !alike(a, b)) return undefined;
  const distance = edits(a, b);
  return distance > 0 && distance <= most ? distance : undefined;
}

/** Longest name that is compared, in UTF-16 code units. */
const LONGEST = 100;

/** Names of as many words may differ in long words alone: MIN and MAX, DEV and DB are words of their own. */
function alike(a: string, b: string): boolean {
  const [left, right] = [a.split("_"), b.split("_")];
  if (left.length !== right.length) return true;
  return left.every((word, index) => {
    const other = right[index]!;
    return (
      word === other || (Math.min(word.length, other.length) >= 4 && !SIBLINGS.has([word, other].sort().join(" ")))
    );
  });
}

/** Words that differ by a letter or two and mean two things, in alphabetical order. */
const SIBLINGS = new Set([
  "HTTP HTTPS",
  "FORM FROM",
  "HASH HASHED",
  "HOST PORT",
  "READ READY",
  "TEXT TEST",
  "CLIENT CLIENTS",
]);

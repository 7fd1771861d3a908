FROM node:24.18.0-alpine3.23@sha256:595398b0081eacda8e1c4c5b97b76cd1020e4d58a8ebcb4843b9bca1e79e7436 AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npx rolldown -c rolldown.config.js

FROM node:24.18.0-alpine3.23@sha256:595398b0081eacda8e1c4c5b97b76cd1020e4d58a8ebcb4843b9bca1e79e7436
# git reads history and changes; lint alone does without.
RUN apk add --no-cache git
COPY --from=build /src/package.json /src/LICENSE /src/NOTICE /app/
COPY --from=build /src/bin /app/bin
COPY --from=build /src/schema /app/schema
COPY --from=build /src/dist /app/dist
# The mounted repository belongs to somebody else; git may read it all the same. What it could be told to run is switched off.
ENV GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0=*
WORKDIR /work
USER 65532:65532
ENTRYPOINT ["node", "/app/bin/qwed-harden.js"]
CMD ["lint", "."]

# syntax=docker/dockerfile:1
FROM node:24-bookworm-slim AS build
WORKDIR /hub
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci
COPY . .
RUN node scripts/prepare.mjs
# The image brings its Node and the database is a service of its own: the optional packages hold just these two.
RUN --mount=type=cache,target=/root/.npm \
    rm -rf dist/test dist/bench dist/.prepare dist/connectors/*/test \
    && npm prune --omit=dev --omit=optional

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /hub
COPY --from=build /hub/package.json ./
COPY --from=build /hub/node_modules ./node_modules
COPY --from=build /hub/dist ./dist
COPY --from=build /hub/schema ./schema
COPY --from=build /hub/dashboard ./dashboard
USER node
# All interfaces of the container; which of them the world sees is decided where the port is published.
ENV HOST=0.0.0.0 PORT=4000
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Not through npm: the signal to stop must reach the hub itself, which then drains.
CMD ["node", "--enable-source-maps", "dist/src/main.js"]

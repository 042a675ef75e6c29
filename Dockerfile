# The service without its embedded PostgreSQL: give it a server with DATABASE_URL.
FROM node:22-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# The optional packages are PostgreSQL itself, for each platform; the other scripts are for what tests use.
RUN npm ci --omit=optional --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src src
RUN npm run build && npm prune --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

FROM node:22-slim
ENV HOST=0.0.0.0 PORT=3000 NODE_ENV=production
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json ./
COPY bin bin
COPY drizzle drizzle
COPY openapi openapi
COPY assets assets
USER node
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["node", "--eval", "fetch('http://127.0.0.1:' + process.env.PORT + '/livez').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# As in `npm start`, but without npm between the signals and the service.
CMD ["node", "--max-old-space-size=768", "--max-semi-space-size=4", "--single-threaded-gc", "bin/start.mjs"]

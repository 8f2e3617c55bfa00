const { wholeNumber } = require('./parameters.cjs');

/**
 * What callers may cost at most: API Gateway answers the rest with 429 before any function runs.
 * Each limit is for one route, in requests a second, and a target rather than a promise:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
 */
const DEFAULTS = {
  /** Of every route that asks for a token. */
  apiRatePerSecond: 1_000,
  apiBurst: 2_000,
  /** Of receipts: vendors send many phones' in one, but whoever guesses at addresses is answered too. */
  receiptRatePerSecond: 500,
  receiptBurst: 1_000,
};

/** Anybody may ask these, and nobody needs to often. `$default` is whatever does not exist. */
const OPEN_ROUTES = {
  'GET /health': 'HttpApiRouteGetHealth',
  'GET /openapi.json': 'HttpApiRouteGetOpenapijson',
  $default: 'HttpApiRouteDefault',
};
const OPEN_RATE_PER_SECOND = 20;
const OPEN_BURST = 40;

/** A route's own settings replace the default ones, so metrics are switched on again. */
const settings = (ThrottlingRateLimit, ThrottlingBurstLimit) => ({
  DetailedMetricsEnabled: true,
  ThrottlingRateLimit,
  ThrottlingBurstLimit,
});

/** Extends the stage that the packager makes; a stage cannot limit routes that are made after it. */
module.exports = async ({ resolveVariable }) => {
  const numbers = await Promise.all(
    Object.entries(DEFAULTS).map(async ([name, fallback]) => [
      name,
      await wholeNumber(resolveVariable, { name, fallback, from: 1 }),
    ]),
  );
  const { apiRatePerSecond, apiBurst, receiptRatePerSecond, receiptBurst } =
    Object.fromEntries(numbers);
  return {
    extensions: {
      HttpApiStage: {
        DependsOn: [...Object.values(OPEN_ROUTES), 'HttpApiRoutePostRIdVar'],
        Properties: {
          DefaultRouteSettings: settings(apiRatePerSecond, apiBurst),
          RouteSettings: {
            ...Object.fromEntries(
              Object.keys(OPEN_ROUTES).map((route) => [
                route,
                settings(OPEN_RATE_PER_SECOND, OPEN_BURST),
              ]),
            ),
            'POST /r/{id}': settings(receiptRatePerSecond, receiptBurst),
          },
        },
      },
    },
  };
};

import { createRequire as __WEBPACK_EXTERNAL_createRequire } from "module";
/******/ var __webpack_modules__ = ({

/***/ 770:
/***/ ((module, __unused_webpack_exports, __nccwpck_require__) => {

module.exports = __nccwpck_require__(218);


/***/ }),

/***/ 218:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {

var __webpack_unused_export__;


var net = __nccwpck_require__(9278);
var tls = __nccwpck_require__(4756);
var http = __nccwpck_require__(8611);
var https = __nccwpck_require__(5692);
var events = __nccwpck_require__(4434);
var assert = __nccwpck_require__(2613);
var util = __nccwpck_require__(9023);


exports.httpOverHttp = httpOverHttp;
exports.httpsOverHttp = httpsOverHttp;
exports.httpOverHttps = httpOverHttps;
exports.httpsOverHttps = httpsOverHttps;


function httpOverHttp(options) {
  var agent = new TunnelingAgent(options);
  agent.request = http.request;
  return agent;
}

function httpsOverHttp(options) {
  var agent = new TunnelingAgent(options);
  agent.request = http.request;
  agent.createSocket = createSecureSocket;
  agent.defaultPort = 443;
  return agent;
}

function httpOverHttps(options) {
  var agent = new TunnelingAgent(options);
  agent.request = https.request;
  return agent;
}

function httpsOverHttps(options) {
  var agent = new TunnelingAgent(options);
  agent.request = https.request;
  agent.createSocket = createSecureSocket;
  agent.defaultPort = 443;
  return agent;
}


function TunnelingAgent(options) {
  var self = this;
  self.options = options || {};
  self.proxyOptions = self.options.proxy || {};
  self.maxSockets = self.options.maxSockets || http.Agent.defaultMaxSockets;
  self.requests = [];
  self.sockets = [];

  self.on('free', function onFree(socket, host, port, localAddress) {
    var options = toOptions(host, port, localAddress);
    for (var i = 0, len = self.requests.length; i < len; ++i) {
      var pending = self.requests[i];
      if (pending.host === options.host && pending.port === options.port) {
        // Detect the request to connect same origin server,
        // reuse the connection.
        self.requests.splice(i, 1);
        pending.request.onSocket(socket);
        return;
      }
    }
    socket.destroy();
    self.removeSocket(socket);
  });
}
util.inherits(TunnelingAgent, events.EventEmitter);

TunnelingAgent.prototype.addRequest = function addRequest(req, host, port, localAddress) {
  var self = this;
  var options = mergeOptions({request: req}, self.options, toOptions(host, port, localAddress));

  if (self.sockets.length >= this.maxSockets) {
    // We are over limit so we'll add it to the queue.
    self.requests.push(options);
    return;
  }

  // If we are under maxSockets create a new one.
  self.createSocket(options, function(socket) {
    socket.on('free', onFree);
    socket.on('close', onCloseOrRemove);
    socket.on('agentRemove', onCloseOrRemove);
    req.onSocket(socket);

    function onFree() {
      self.emit('free', socket, options);
    }

    function onCloseOrRemove(err) {
      self.removeSocket(socket);
      socket.removeListener('free', onFree);
      socket.removeListener('close', onCloseOrRemove);
      socket.removeListener('agentRemove', onCloseOrRemove);
    }
  });
};

TunnelingAgent.prototype.createSocket = function createSocket(options, cb) {
  var self = this;
  var placeholder = {};
  self.sockets.push(placeholder);

  var connectOptions = mergeOptions({}, self.proxyOptions, {
    method: 'CONNECT',
    path: options.host + ':' + options.port,
    agent: false,
    headers: {
      host: options.host + ':' + options.port
    }
  });
  if (options.localAddress) {
    connectOptions.localAddress = options.localAddress;
  }
  if (connectOptions.proxyAuth) {
    connectOptions.headers = connectOptions.headers || {};
    connectOptions.headers['Proxy-Authorization'] = 'Basic ' +
        Buffer.from(connectOptions.proxyAuth).toString('base64');
  }

  debug('making CONNECT request');
  var connectReq = self.request(connectOptions);
  connectReq.useChunkedEncodingByDefault = false; // for v0.6
  connectReq.once('response', onResponse); // for v0.6
  connectReq.once('upgrade', onUpgrade);   // for v0.6
  connectReq.once('connect', onConnect);   // for v0.7 or later
  connectReq.once('error', onError);
  connectReq.end();

  function onResponse(res) {
    // Very hacky. This is necessary to avoid http-parser leaks.
    res.upgrade = true;
  }

  function onUpgrade(res, socket, head) {
    // Hacky.
    process.nextTick(function() {
      onConnect(res, socket, head);
    });
  }

  function onConnect(res, socket, head) {
    connectReq.removeAllListeners();
    socket.removeAllListeners();

    if (res.statusCode !== 200) {
      debug('tunneling socket could not be established, statusCode=%d',
        res.statusCode);
      socket.destroy();
      var error = new Error('tunneling socket could not be established, ' +
        'statusCode=' + res.statusCode);
      error.code = 'ECONNRESET';
      options.request.emit('error', error);
      self.removeSocket(placeholder);
      return;
    }
    if (head.length > 0) {
      debug('got illegal response body from proxy');
      socket.destroy();
      var error = new Error('got illegal response body from proxy');
      error.code = 'ECONNRESET';
      options.request.emit('error', error);
      self.removeSocket(placeholder);
      return;
    }
    debug('tunneling connection has established');
    self.sockets[self.sockets.indexOf(placeholder)] = socket;
    return cb(socket);
  }

  function onError(cause) {
    connectReq.removeAllListeners();

    debug('tunneling socket could not be established, cause=%s\n',
          cause.message, cause.stack);
    var error = new Error('tunneling socket could not be established, ' +
                          'cause=' + cause.message);
    error.code = 'ECONNRESET';
    options.request.emit('error', error);
    self.removeSocket(placeholder);
  }
};

TunnelingAgent.prototype.removeSocket = function removeSocket(socket) {
  var pos = this.sockets.indexOf(socket)
  if (pos === -1) {
    return;
  }
  this.sockets.splice(pos, 1);

  var pending = this.requests.shift();
  if (pending) {
    // If we have pending requests and a socket gets closed a new one
    // needs to be created to take over in the pool for the one that closed.
    this.createSocket(pending, function(socket) {
      pending.request.onSocket(socket);
    });
  }
};

function createSecureSocket(options, cb) {
  var self = this;
  TunnelingAgent.prototype.createSocket.call(self, options, function(socket) {
    var hostHeader = options.request.getHeader('host');
    var tlsOptions = mergeOptions({}, self.options, {
      socket: socket,
      servername: hostHeader ? hostHeader.replace(/:.*$/, '') : options.host
    });

    // 0 is dummy port for v0.6
    var secureSocket = tls.connect(0, tlsOptions);
    self.sockets[self.sockets.indexOf(socket)] = secureSocket;
    cb(secureSocket);
  });
}


function toOptions(host, port, localAddress) {
  if (typeof host === 'string') { // since v0.10
    return {
      host: host,
      port: port,
      localAddress: localAddress
    };
  }
  return host; // for v0.11 or later
}

function mergeOptions(target) {
  for (var i = 1, len = arguments.length; i < len; ++i) {
    var overrides = arguments[i];
    if (typeof overrides === 'object') {
      var keys = Object.keys(overrides);
      for (var j = 0, keyLen = keys.length; j < keyLen; ++j) {
        var k = keys[j];
        if (overrides[k] !== undefined) {
          target[k] = overrides[k];
        }
      }
    }
  }
  return target;
}


var debug;
if (process.env.NODE_DEBUG && /\btunnel\b/.test(process.env.NODE_DEBUG)) {
  debug = function() {
    var args = Array.prototype.slice.call(arguments);
    if (typeof args[0] === 'string') {
      args[0] = 'TUNNEL: ' + args[0];
    } else {
      args.unshift('TUNNEL:');
    }
    console.error.apply(console, args);
  }
} else {
  debug = function() {};
}
__webpack_unused_export__ = debug; // for test


/***/ }),

/***/ 3362:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   BY: () => (/* binding */ observeBucket),
/* harmony export */   fo: () => (/* binding */ unknownBucket),
/* harmony export */   o3: () => (/* binding */ affordableInMs),
/* harmony export */   yd: () => (/* binding */ TOKEN_COST)
/* harmony export */ });
const TOKEN_COST = { launch: 25, poll: 1 };
const unknownBucket = {
    last: null,
    refill: 0,
    isExact: false,
    reported: { refill: 0, minRefill: 0, maxRefill: Infinity },
    observed: { refill: 0, since: 0, tokens: 0 },
};
const MIN_REFILL_PER_MS = 1 / 10_000;
function observeBucket(before, answer) {
    const { at, bucket, cost, overlaps = false } = answer;
    if (bucket === null)
        return before;
    const { limit, remaining } = bucket;
    const last = { at, limit, remaining };
    const state = before.last?.limit === limit ? before : unknownBucket;
    const { reported, isExact } = updateReported(state, bucket);
    const observed = updateObserved(state, last, cost, overlaps);
    const averageRefill = at - observed.since >= 10_000 ? observed.tokens / (at - observed.since) : 0;
    const rate = Math.max(reported.minRefill > reported.maxRefill ? averageRefill : reported.refill, observed.refill);
    const refill = rate > 0 ? Math.max(MIN_REFILL_PER_MS, rate) : 0;
    return { last, refill, isExact, reported, observed };
}
function updateReported({ reported, isExact: wasExact }, { limit, remaining, fullInMs: ms }) {
    const missing = limit - remaining;
    const rate = ms > 0 ? Math.max(0, missing - 1) / ms : 0;
    const minRefill = Math.max(reported.minRefill, rate);
    const maxRefill = Math.min(reported.maxRefill, ms > CLOCK_TOLERANCE_MS ? (missing + 1) / (ms - CLOCK_TOLERANCE_MS) : Infinity);
    const isExact = 2 * remaining <= limit;
    if (wasExact && !isExact)
        return { isExact: true, reported: { ...reported, minRefill, maxRefill } };
    const refill = isExact === wasExact ? Math.max(reported.refill, rate) : rate;
    return { isExact, reported: { refill, minRefill, maxRefill } };
}
const CLOCK_TOLERANCE_MS = 2_000;
function updateObserved({ last, observed }, { at, limit, remaining }, cost, overlaps) {
    if (last === null || last.remaining >= limit - 1 || remaining >= limit - 1)
        return { refill: observed.refill, since: at, tokens: 0 };
    const tokens = observed.tokens + remaining - last.remaining + cost;
    const rate = at > observed.since && !overlaps ? (tokens - 1) / (at - observed.since) : 0;
    return { refill: Math.max(observed.refill, rate), since: observed.since, tokens };
}
function affordableInMs({ last, refill }, cost, at) {
    if (last === null || refill === 0)
        return 0;
    return Math.max(0, (Math.min(cost, last.limit) - last.remaining) / refill - (at - last.at));
}


/***/ }),

/***/ 459:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   GI: () => (/* binding */ RequestError),
/* harmony export */   JD: () => (/* binding */ appendRequestId),
/* harmony export */   RD: () => (/* binding */ ResponseShapeError),
/* harmony export */   Rc: () => (/* binding */ ConnectionError),
/* harmony export */   SE: () => (/* binding */ BucketTooSmallError),
/* harmony export */   hD: () => (/* binding */ ApiError)
/* harmony export */ });
/* unused harmony export CONNECTION */
/* harmony import */ var _step_error_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(5406);
/* harmony import */ var _text_format_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(8488);


class RequestError extends _step_error_js__WEBPACK_IMPORTED_MODULE_0__/* .StepError */ .z {
    kind;
    word;
    constructor(kind, headline, remedy, detail = '', word = headline) {
        super(headline, remedy, detail);
        this.kind = kind;
        this.word = word;
    }
}
const CHECK_NETWORK = 'Check that the runner can reach the API (DNS, firewall, proxy). {again}';
const WRITE_LESS = 'Make the workflow write less into its outputs, then {new_run}';
const CONNECTION = {
    unreached: ['unreached', 'Alloovium could not be reached', CHECK_NETWORK],
    broken: ['ambiguous', 'the connection failed', CHECK_NETWORK],
    timeout: ['ambiguous', 'no complete answer came in time', CHECK_NETWORK],
    encoding: [
        'unreadable',
        'the answer is compressed, which the request does not allow',
        'Check the proxy between runner and API.',
    ],
    tls: [
        'rejected',
        "the server's certificate was not accepted",
        'Check `api_url` and the clock of the runner. Behind a proxy with its own CA, NODE_EXTRA_CA_CERTS must name a readable file that has it.',
    ],
    no_tls: ['rejected', 'the server does not speak TLS', 'Check `api_url`: its port must be one for HTTPS.'],
    proxy: [
        'rejected',
        'the proxy rejected the connection',
        'Check the address, user name and password in the proxy variables of the runner, and what the proxy lets through.',
    ],
    too_large: ['of_the_run', 'the answer is larger than 8 MiB', WRITE_LESS],
};
class ConnectionError extends RequestError {
    fault;
    code;
    constructor(fault, code = '') {
        const [defaultKind, headline, remedy] = CONNECTION[fault];
        const isTransient = fault === 'proxy' && code.startsWith('5');
        const kind = code === 'ENOTFOUND' && fault === 'unreached'
            ? 'dns_not_found'
            : isTransient
                ? 'unreached'
                : defaultKind;
        const word = code === '' ? headline : `${code}${fault === 'proxy' ? ' of the proxy' : ''}`;
        super(kind, code === '' ? headline : `${headline} (${code})`, remedy, '', word);
        this.fault = fault;
        this.code = code;
    }
}
const SHAPE = {
    unusable: [
        'unreadable',
        'Check `api_url` and any proxy between the runner and the API; if both are right, report it to Alloovium.',
    ],
    other_run: ['unreadable', 'Report it to Alloovium.'],
    wrong_run: ['ambiguous_final', 'The action does not evaluate that run. Report it to Alloovium.'],
    web_page: ['unreadable', 'Is a proxy asking for a sign-in? Then let the runner through. If not, {again}'],
    over_cap: [
        'of_the_run',
        'Make the workflow write fewer and less deeply nested values into its outputs, then {new_run}',
    ],
    key_twice: ['of_the_run', 'Make the workflow write each key once, then {new_run}'],
};
class ResponseShapeError extends RequestError {
    fault;
    constructor(what, fault = 'unusable', detail = '') {
        const [kind, remedy] = SHAPE[fault];
        super(kind, what, remedy, detail);
        this.fault = fault;
    }
}
const NEW_KEY = 'Create a key in the Alloovium dashboard and store it as the secret that `api_key` reads. {new_key}';
const SEPARATE_KEY = `Give the job an API key of its own. ${NEW_KEY}`;
const CHECK_DECLARED = 'Check that the workflow is enabled, and that `inputs` and `project_id` match the variables it declares.';
const TRY_AGAIN = '{again} If it happens again, report it to Alloovium.';
const CHECK_API_URL = 'Check that `api_url`, if you give it, is the API itself.';
const ASK_OWNER = "Ask the Alloovium account's owner to resolve it in the Alloovium dashboard.";
const INVALID = 'Alloovium rejected the request as invalid';
const BY_STATUS = {
    '400': [INVALID, CHECK_DECLARED],
    '401': ['Alloovium did not accept the API key', SEPARATE_KEY],
    '403': ['access was denied', 'Check the scopes of the key and, where a proxy is in between, its rules.'],
    '404': [
        'the run was not found',
        'Check `workflow_id`, `project_id` and that the key belongs to the same Alloovium account.',
    ],
    '407': ['a proxy asks for credentials', "Check user name and password in the runner's proxy variables."],
    '409': ['Alloovium rejected the request, which conflicts with another', TRY_AGAIN],
    '413': ['the request is too large for Alloovium', 'Make `inputs` smaller.'],
    '422': [INVALID, CHECK_DECLARED],
    '429': [
        'the token bucket of the API key is empty',
        'Raise `timeout_minutes`, spread the jobs out, or use a key of a higher tier.',
    ],
    '3xx': ['the API answered with a redirect, which is never followed', CHECK_API_URL],
    '5xx': ['the API, or a gateway in front of it, failed', TRY_AGAIN],
};
const FALLBACK = ['the API rejected the request', 'Check the inputs of the step.'];
const BY_CODE = {
    missing_api_key: [
        'the request arrived without an API key',
        'Check which proxy removes the Authorization header.',
    ],
    invalid_api_key: ['Alloovium does not know this API key', 'Check that the secret holds all 60 characters.'],
    invalid_token: ['Alloovium did not accept the credential', SEPARATE_KEY],
    api_key_revoked: ['the API key was revoked', NEW_KEY],
    api_key_expired: ['the API key has expired', NEW_KEY],
    user_inactive: ["the API key's user is inactive", "Activate the user, or use another user's key."],
    tenant_disabled: ['the Alloovium account is disabled', ASK_OWNER],
    payment_required: ['the Alloovium account has an unpaid bill or a used-up plan', ASK_OWNER],
    insufficient_scope: [
        'the API key lacks a scope',
        'Give the key the scopes `workflows:read` and `workflows:write`.',
    ],
    permission_denied: [
        "the API key's user is not allowed to do this",
        'Give the user access to workflow and project.',
    ],
    oauth_not_supported: ['OAuth credentials are read-only and cannot launch a run', SEPARATE_KEY],
    not_found: null,
    idempotency_key_reused: [
        'the idempotency key was already used for a launch with other inputs',
        'Leave out `idempotency_key`, or give each launch its own; another tool with the same API key may have used it.',
    ],
    idempotency_in_progress: [
        'an earlier launch under the same idempotency key is still being handled',
        TRY_AGAIN,
    ],
    validation_error: null,
    invalid_document_id: [INVALID, 'Check the document IDs in `inputs`.'],
    unsupported_file_type: [
        INVALID,
        'Check the types of the files that `inputs` and the project give to the workflow.',
    ],
    invalid_cursor: [INVALID, CHECK_API_URL],
    invalid_idempotency_key: [INVALID, 'Leave out `idempotency_key`, or give another.'],
    rate_limited: null,
    internal_error: ['Alloovium had an internal error', TRY_AGAIN],
    not_implemented: ['Alloovium does not support this request', CHECK_API_URL],
};
function describeProblem({ status, code }) {
    const byCode = code !== null && Object.hasOwn(BY_CODE, code) ? BY_CODE[code] : null;
    return byCode ?? BY_STATUS[status] ?? BY_STATUS[`${Math.floor(status / 100)}xx`] ?? FALLBACK;
}
class ApiError extends RequestError {
    problem;
    hintMs;
    constructor(problem, hintMs = null) {
        const { status, code, missingScopes, requestId } = problem;
        const [what, remedy] = describeProblem(problem);
        const isKnown = code !== null && Object.hasOwn(BY_CODE, code);
        const unknownCode = !isKnown && code !== null ? `code ${code}` : '';
        const missing = missingScopes.length > 0 ? `missing: ${missingScopes.join(', ')}` : '';
        const detail = problem.detail.replace(/\.$/, '');
        const isRepeated = what.toLowerCase().includes(detail.toLowerCase());
        const reported = (0,_text_format_js__WEBPACK_IMPORTED_MODULE_1__/* .joinPresent */ .uE)('; ', unknownCode, !isRepeated && detail, missing);
        super(classifyProblem(problem), `${what} (${status}${isKnown ? ` ${code}` : ''})`, remedy, appendRequestId(reported && `Alloovium reported: ${reported}`, requestId), String(status));
        this.problem = problem;
        this.hintMs = hintMs;
    }
}
function classifyProblem({ status, code, isProblem }) {
    if (status === 429)
        return 'limited';
    if (status === 409 && code === 'idempotency_in_progress')
        return 'locked';
    if ((status === 502 || status === 503) && !isProblem)
        return 'gateway';
    if (status === 408 || status === 425 || status === 504)
        return 'ambiguous';
    if (status < 500 || status === 501)
        return 'rejected';
    return isProblem && status !== 500 && status !== 505 ? 'ambiguous' : 'ambiguous_final';
}
function appendRequestId(text, requestId) {
    return (0,_text_format_js__WEBPACK_IMPORTED_MODULE_1__/* .joinPresent */ .uE)('\n', text, requestId === '' ? '' : `request ${requestId}`);
}
class BucketTooSmallError extends RequestError {
    constructor(limit, cost) {
        super('rejected', `This API key cannot launch runs: a launch costs ${cost} tokens, and the key's bucket holds at most ${limit}${limit === 20 ? ' (the free tier)' : ''}`, 'Use a key of the standard tier or above.');
    }
}


/***/ }),

/***/ 3492:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   NG: () => (/* binding */ mayHaveStarted),
/* harmony export */   ON: () => (/* binding */ LAUNCH),
/* harmony export */   Wf: () => (/* binding */ sendUntilAnswered),
/* harmony export */   fg: () => (/* binding */ OutOfTime),
/* harmony export */   kB: () => (/* binding */ parseHttpDateMs),
/* harmony export */   oR: () => (/* binding */ parseRetryAfterMs),
/* harmony export */   zF: () => (/* binding */ rateLimitDelayMs)
/* harmony export */ });
/* unused harmony export decideNextAttempt */
/* harmony import */ var _step_error_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(5406);
/* harmony import */ var _text_format_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(8488);
/* harmony import */ var _bucket_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(3362);



function mayHaveStarted({ kind }) {
    return !['rejected', 'unreached', 'dns_not_found', 'limited'].includes(kind);
}
function countAttempts(attempts, ...kinds) {
    return attempts.filter(({ kind }) => kinds.includes(kind)).length;
}
const COUNTED = ['ambiguous', 'unreadable'];
const LAUNCH = {
    attemptMs: 75_000,
    countedPausesMs: [2_000, 5_000, 15_000, 30_000],
    maxUnreadable: 3,
    maxDnsNotFoundMs: 60_000,
    maxTotalMs: 20 * 60 * 60_000,
};
const PAUSE_JITTER = 0.25;
const LAST_ATTEMPT_MS = 1_000;
const MAX_HINT_MS = 2 ** 31 - 1;
function decideNextAttempt(failure, before, attemptMs, remainingMs, random) {
    const { kind } = failure.error;
    const attempts = [...before, { kind, ms: attemptMs }];
    if (kind === 'rejected' || kind === 'ambiguous_final' || kind === 'of_the_run')
        return { end: 'final' };
    if (remainingMs <= 0)
        return { end: 'deadline' };
    const dnsFailures = attempts.slice(attempts.findLastIndex((one) => one.kind !== 'dns_not_found') + 1);
    const dnsNotFoundMs = LAUNCH.maxDnsNotFoundMs - dnsFailures.reduce((sum, { ms }) => sum + ms, 0);
    const unreadableLeft = LAUNCH.maxUnreadable - countAttempts(attempts, 'unreadable');
    const countedLeft = LAUNCH.countedPausesMs.length + 1 - countAttempts(attempts, ...COUNTED);
    if (unreadableLeft <= 0 || dnsNotFoundMs <= 0)
        return { end: 'final' };
    if (countedLeft <= 0)
        return { end: 'used_up' };
    const minDelayMs = failure.hintMs ?? 0;
    const latestMs = remainingMs - LAST_ATTEMPT_MS;
    if (latestMs <= minDelayMs)
        return { end: 'deadline' };
    const maxDelayMs = kind === 'dns_not_found' ? Math.min(latestMs, dnsNotFoundMs) : latestMs;
    const delayMs = Math.ceil(Math.max(minDelayMs, Math.min(backoffMs(failure, attempts, random), maxDelayMs)));
    const sends = kind === 'unreadable' ? Math.min(countedLeft, unreadableLeft) : countedLeft;
    const retryMs = kind === 'dns_not_found' ? Math.min(remainingMs, dnsNotFoundMs) : remainingMs;
    return {
        attempts: [...before, { kind, ms: attemptMs + delayMs }],
        delayMs,
        left: COUNTED.includes(kind) ? { sends } : { ms: retryMs },
    };
}
function backoffMs(failure, attempts, random) {
    const { kind } = failure.error;
    const nth = countAttempts(attempts, kind);
    if (kind === 'limited')
        return rateLimitDelayMs(failure, nth, random);
    if (kind === 'locked')
        return nth === 1 && failure.hintMs !== null ? 0 : Math.min(60_000, 5_000 * 2 ** (nth - 1));
    if (COUNTED.includes(kind)) {
        const pauseMs = LAUNCH.countedPausesMs[countAttempts(attempts, ...COUNTED) - 1] ?? 0;
        return pauseMs * (1 - PAUSE_JITTER + 2 * PAUSE_JITTER * random);
    }
    return (random *
        Math.min(30_000, 1_000 * 2 ** (countAttempts(attempts, 'unreached', 'dns_not_found', 'gateway') - 1)));
}
const SPREAD = {
    share: 0.25,
    ms: 1_000,
    from: 3,
    ofBucket: 0.2,
    maxMs: 30_000,
};
function rateLimitDelayMs({ hintMs, bucketState, cost }, nth, random) {
    const refillMs = (0,_bucket_js__WEBPACK_IMPORTED_MODULE_1__/* .affordableInMs */ .o3)(bucketState, cost, bucketState.last?.at ?? 0);
    const minMs = hintMs ?? (refillMs || Math.min(60_000, 2_000 * 2 ** (nth - 1)));
    return minMs + random * Math.max(minMs * SPREAD.share + SPREAD.ms, laterSpreadMs(bucketState, cost, nth));
}
function laterSpreadMs({ last, refill }, cost, nth) {
    if (nth < SPREAD.from || cost < _bucket_js__WEBPACK_IMPORTED_MODULE_1__/* .TOKEN_COST */ .yd.launch || last === null || refill === 0)
        return 0;
    return Math.min(SPREAD.maxMs, (SPREAD.ofBucket * last.limit - cost) / refill);
}
const WEEKDAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const HH_MM_SS = String.raw `\d\d:\d\d:\d\d`;
const ZONED = `(?:, \\d\\d ${MONTH} \\d{4}|[a-z]*, \\d\\d-${MONTH}-\\d\\d) ${HH_MM_SS} GMT`;
const HTTP_DATE = new RegExp(`^${WEEKDAY}(?:${ZONED}| ${MONTH} [ \\d]\\d ${HH_MM_SS} \\d{4})$`);
const HINTS = new RegExp(`\\s*(?:${WEEKDAY}[a-z]*, )?[^,]+`, 'g');
const SECONDS = /^\d+(\.\d+)?(e\d{1,3})?$/i;
function parseRetryAfterMs(retryAfter, bodySeconds, serverNowMs) {
    const inBody = bodySeconds !== null && bodySeconds >= 0 ? [bodySeconds * 1000] : [];
    const inHeader = [...retryAfter.matchAll(HINTS)].flatMap(([hint]) => {
        const text = hint.trim();
        if (SECONDS.test(text))
            return Number(text) * 1000;
        const date = parseHttpDateMs(text);
        return date === null ? [] : date - serverNowMs;
    });
    const hints = [...inBody, ...inHeader];
    return hints.length === 0 ? null : Math.ceil(Math.min(MAX_HINT_MS, Math.max(0, ...hints)));
}
function parseHttpDateMs(text) {
    const ms = HTTP_DATE.test(text) ? Date.parse(text.replace(/(?<! GMT)$/, ' GMT')) : NaN;
    return Number.isNaN(ms) ? null : ms;
}
class OutOfTime extends Error {
    name = 'OutOfTime';
    last;
    waitMs;
    isQueueing;
    constructor(last, waitMs, isQueueing = false) {
        super('the time ran out');
        this.last = last;
        this.waitMs = waitMs;
        this.isQueueing = isQueueing || last?.kind === 'limited';
    }
}
async function sendUntilAnswered(send, { clock, random, signal, deadline, onFailure, takeTurn }) {
    let attempts = [];
    let last = null;
    const beganAt = clock.now();
    let notBefore = beganAt;
    for (;;) {
        const endTurn = await takeTurn(notBefore).catch((error) => {
            throw error instanceof OutOfTime && last !== null
                ? new OutOfTime(last, error.waitMs, error.isQueueing)
                : error;
        });
        const startedAt = clock.now();
        let failure = null;
        try {
            signal.throwIfAborted();
            if (startedAt > deadline)
                throw new OutOfTime(last, null);
            const answer = await send(attempts);
            if (!('failure' in answer))
                return answer;
            ({ failure } = answer);
        }
        finally {
            endTurn(failure);
        }
        last = failure.error;
        signal.throwIfAborted();
        const next = decideNextAttempt(failure, attempts, clock.now() - startedAt, deadline - clock.now(), random());
        onFailure(failure, 'end' in next ? null : next);
        if ('end' in next) {
            if (next.end === 'deadline')
                throw new OutOfTime(last, failure.hintMs === 0 ? null : failure.hintMs);
            if (next.end === 'final')
                throw last;
            const time = (0,_text_format_js__WEBPACK_IMPORTED_MODULE_2__/* .formatDuration */ .a3)(clock.now() - beganAt);
            throw new _step_error_js__WEBPACK_IMPORTED_MODULE_0__/* .StepError */ .z(`Alloovium gave no usable answer for ${time} (last: ${last.word})`, '', last.detail);
        }
        attempts = next.attempts;
        notBefore = clock.now() + next.delayMs;
    }
}


/***/ }),

/***/ 5370:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Hd: () => (/* binding */ isTerminal),
/* harmony export */   f: () => (/* binding */ STATUSES),
/* harmony export */   ih: () => (/* binding */ isKnownStatus)
/* harmony export */ });
const STATUSES = {
    pending: { isTerminal: false, word: 'queued', headline: '', colour: 'done' },
    running: { isTerminal: false, word: 'running', headline: '', colour: 'active' },
    completed: { isTerminal: true, word: 'completed', headline: '', colour: '' },
    failed: { isTerminal: true, word: 'failed', headline: 'The run failed', colour: 'crit' },
    cancelled: {
        isTerminal: true,
        word: 'cancelled',
        headline: 'The run was cancelled at Alloovium, by a user or a time-out there',
        colour: 'crit',
    },
};
function isKnownStatus(text) {
    return Object.hasOwn(STATUSES, text);
}
function isTerminal(text) {
    return isKnownStatus(text) && STATUSES[text].isTerminal;
}


/***/ }),

/***/ 847:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   o: () => (/* binding */ createTransport)
/* harmony export */ });
/* harmony import */ var node_tls__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(1692);
/* harmony import */ var node_tls__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__nccwpck_require__.n(node_tls__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var _actions_http_client__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(2779);
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(8301);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(459);




const ERROR_BODY = { timeoutMs: 1_500, bytes: 256 * 1024 };
function createTransport(userAgent) {
    return async ({ method, url, headers, body, timeoutMs, signal }) => {
        signal.throwIfAborted();
        const attempt = new AbortController();
        const timer = setTimeout(() => attempt.abort(new _errors_js__WEBPACK_IMPORTED_MODULE_3__/* .ConnectionError */ .Rc('timeout')), timeoutMs);
        signal.addEventListener('abort', () => attempt.abort(signal.reason), { signal: attempt.signal });
        const aborted = new Promise((_resolve, reject) => {
            attempt.signal.addEventListener('abort', () => reject(attempt.signal.reason), { once: true });
        });
        aborted.catch(() => undefined);
        let isConnected = false;
        let head = null;
        const client = new _actions_http_client__WEBPACK_IMPORTED_MODULE_1__/* .HttpClient */ .Qq(userAgent, [createSignalHandler(attempt.signal, () => (isConnected = true))], {
            allowRedirects: false,
            allowRetries: false,
            keepAlive: false,
        });
        try {
            const exchange = client
                .request(method, url, body, { ...headers, 'accept-encoding': 'identity' })
                .then(({ message }) => {
                head = readHead(message);
                return readAnswer(message, head);
            });
            exchange.catch(() => undefined);
            return await Promise.race([exchange, aborted]);
        }
        catch (error) {
            if (signal.aborted)
                throw signal.reason;
            const failure = toConnectionError(attempt.signal.aborted ? attempt.signal.reason : error);
            const { fault, code } = failure;
            if (head !== null)
                return {
                    ...head,
                    body: new Uint8Array(),
                    bodyError: { error: failure, ageMs: performance.now() - head.at },
                };
            if (isConnected)
                throw ['tls', 'no_tls'].includes(fault) ? new _errors_js__WEBPACK_IMPORTED_MODULE_3__/* .ConnectionError */ .Rc('broken', code) : failure;
            if (fault !== 'broken' && fault !== 'timeout')
                throw failure;
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_3__/* .ConnectionError */ .Rc('unreached', fault === 'timeout' ? 'ETIMEDOUT' : code);
        }
        finally {
            clearTimeout(timer);
            attempt.abort();
            client.dispose();
        }
    };
}
function createSignalHandler(signal, onConnected) {
    return {
        prepareRequest(options) {
            const { agent } = options;
            if (agent.proxyOptions)
                Object.assign(agent.proxyOptions, { signal });
            const addRequest = (request, requestOptions) => {
                request.once('socket', (socket) => {
                    if (socket instanceof node_tls__WEBPACK_IMPORTED_MODULE_0__.TLSSocket)
                        socket.once('secureConnect', onConnected);
                    else if (socket.connecting)
                        socket.once('connect', onConnected);
                    else
                        onConnected();
                });
                agent.addRequest(request, requestOptions);
            };
            Object.assign(options, {
                signal,
                agent: Object.assign(Object.create(agent), { addRequest }),
            });
        },
        canHandleAuthentication: () => false,
        handleAuthentication: () => Promise.reject(new Error('not used')),
    };
}
function readHead({ statusCode, headersDistinct }) {
    const headers = Object.entries(headersDistinct).map(([name, values]) => [name, (values ?? []).join(', ')]);
    return { status: statusCode ?? 0, headers: new Map(headers), at: performance.now() };
}
async function readAnswer(message, { status, headers }) {
    const isError = status < 200 || status > 299;
    if (!isError && !/^(identity)?$/i.test(headers.get('content-encoding') ?? ''))
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_3__/* .ConnectionError */ .Rc('encoding');
    const maxBytes = isError ? ERROR_BODY.bytes : _json_js__WEBPACK_IMPORTED_MODULE_2__/* .JSON_LIMITS */ .s7.bytes;
    const timer = isError ? setTimeout(() => message.destroy(), ERROR_BODY.timeoutMs) : undefined;
    let body = Buffer.alloc(Math.min(maxBytes, Number(headers.get('content-length')) || 65_536));
    let size = 0;
    let isTooLarge = false;
    try {
        for await (const chunk of message) {
            isTooLarge = size + chunk.length > maxBytes;
            if (isTooLarge)
                break;
            if (size + chunk.length > body.length)
                body = Buffer.concat([body], Math.min(maxBytes, 2 * (size + chunk.length)));
            size += chunk.copy(body, size);
        }
    }
    catch (error) {
        if (!isError)
            throw error;
    }
    finally {
        clearTimeout(timer);
    }
    if (!isError && isTooLarge)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_3__/* .ConnectionError */ .Rc('too_large');
    if (!isError && !message.complete)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_3__/* .ConnectionError */ .Rc('broken');
    return { status, headers, body: body.subarray(0, size) };
}
function toConnectionError(error) {
    if (error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_3__/* .ConnectionError */ .Rc)
        return error;
    const { code, message } = error;
    const text = String(message);
    const rejection = /statusCode=(\d{3})\b/.exec(text);
    if (rejection)
        return new _errors_js__WEBPACK_IMPORTED_MODULE_3__/* .ConnectionError */ .Rc('proxy', rejection[1]);
    const name = typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : '';
    if (text.includes('wrong version number'))
        return new _errors_js__WEBPACK_IMPORTED_MODULE_3__/* .ConnectionError */ .Rc(text.startsWith('tunneling') ? 'proxy' : 'no_tls', name);
    return new _errors_js__WEBPACK_IMPORTED_MODULE_3__/* .ConnectionError */ .Rc(TLS_CODE.test(name) ? 'tls' : 'broken', name);
}
const TLS_CODE = /^(CERT_|CRL_|ERR_TLS_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)|PATH_LENGTH_)/;


/***/ }),

/***/ 7301:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   BZ: () => (/* binding */ readRequestId),
/* harmony export */   JT: () => (/* binding */ parseProblem),
/* harmony export */   OG: () => (/* binding */ parseBody),
/* harmony export */   SB: () => (/* binding */ parseWorkflowPage),
/* harmony export */   W5: () => (/* binding */ parseBucket),
/* harmony export */   bf: () => (/* binding */ readWholeNumber),
/* harmony export */   f7: () => (/* binding */ WORD),
/* harmony export */   qF: () => (/* binding */ checkWorkflow),
/* harmony export */   rw: () => (/* binding */ parseLaunch),
/* harmony export */   zZ: () => (/* binding */ parseRun)
/* harmony export */ });
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(8301);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(459);
/* harmony import */ var _text_excerpt_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(214);
/* harmony import */ var _text_redact_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(3326);




const WORD = /^[A-Za-z_-]{1,64}$/;
function parseBody(answer, redact) {
    let json;
    try {
        json = (0,_json_js__WEBPACK_IMPORTED_MODULE_0__/* .parseJson */ .qF)(answer.body);
    }
    catch (error) {
        const { message, isOverLimit, repeated } = error;
        if (repeated !== null) {
            const isOfOutputs = repeated.depth > 1;
            const what = `${isOfOutputs ? "the run's outputs have" : 'the answer has'} a key twice`;
            const detail = `it has ${JSON.stringify((0,_text_excerpt_js__WEBPACK_IMPORTED_MODULE_2__/* .copyStart */ .G)(redact(repeated.key), 100))} twice`;
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .ResponseShapeError */ .RD(what, isOfOutputs ? 'key_twice' : 'unusable', detail);
        }
        if (!isOverLimit && isWebPage(answer))
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .ResponseShapeError */ .RD('the server answered with a web page, not the API', 'web_page');
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .ResponseShapeError */ .RD(`the answer is not usable: ${message}`, isOverLimit ? 'over_cap' : 'unusable');
    }
    if (!(0,_json_js__WEBPACK_IMPORTED_MODULE_0__/* .isJsonObject */ .OW)(json))
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .ResponseShapeError */ .RD('the answer is not a JSON object');
    return (0,_text_redact_js__WEBPACK_IMPORTED_MODULE_3__/* .redactJson */ .Kp)(json, redact);
}
function isWebPage({ headers, body }) {
    const start = Buffer.from(body.subarray(0, 100)).toString('latin1');
    return body.length > 0 && (/\bhtml\b/i.test(headers.get('content-type') ?? '') || /^\W*</.test(start));
}
function parseLaunch(body, workflowId) {
    const runId = asId(body.run_id);
    if (runId === '')
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .ResponseShapeError */ .RD('the answer to the launch has no usable `run_id`');
    checkWorkflow(asString(body.workflow_id) ?? '', workflowId, runId);
    return { runId, status: asString(body.status) ?? '' };
}
function checkWorkflow(reported, launched, runId) {
    const what = 'the API gave a run of another workflow than the one launched';
    if (reported !== '' && reported !== launched)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .ResponseShapeError */ .RD(what, 'wrong_run', `run ${runId}`);
}
function parseRun(body, runId) {
    const reported = asString(body.run_id);
    if (reported === null)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .ResponseShapeError */ .RD('the answer has no usable `run_id`');
    if (reported !== runId)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .ResponseShapeError */ .RD('the answer is about another run', 'other_run');
    const status = asString(body.status) ?? '';
    if (status === '')
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .ResponseShapeError */ .RD('the answer has no usable `status`');
    const progress = asFiniteNumber(body.progress);
    const outputs = body.outputs;
    return {
        runId,
        workflowId: asId(body.workflow_id),
        status,
        progress: progress === null ? null : Math.min(100, Math.max(0, progress)),
        stage: asString(body.stage),
        outputs,
        errorMessage: asString(body.error_message),
        startedAt: asTime(body.started_at),
        completedAt: asTime(body.completed_at),
        createdAt: asTime(body.created_at),
    };
}
function parseWorkflowPage({ data, next_cursor: cursor, has_more: hasMore }) {
    if (data === undefined || !(0,_json_js__WEBPACK_IMPORTED_MODULE_0__/* .isList */ .Lv)(data))
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .ResponseShapeError */ .RD('the list of workflows has no `data`');
    return {
        workflows: data
            .filter(_json_js__WEBPACK_IMPORTED_MODULE_0__/* .isJsonObject */ .OW)
            .map((one) => ({ id: asId(one.id), name: asString(one.name) ?? '', enabled: one.enabled === true }))
            .filter(({ id }) => id !== ''),
        nextCursor: hasMore === true && typeof cursor === 'string' && cursor !== '' ? cursor : null,
    };
}
function parseProblem(answer, redact) {
    let body = {};
    try {
        body = parseBody(answer, redact);
    }
    catch {
    }
    const code = asString(body.code);
    const scopes = body.missing_scopes ?? [];
    return {
        status: answer.status,
        isProblem: code !== null || /\bproblem\+json\b/i.test(answer.headers.get('content-type') ?? ''),
        code: code !== null && /^[a-z][a-z0-9_]{0,63}$/.test(code) ? code : null,
        detail: joinLines(asString(body.detail) ?? asString(body.title) ?? '').slice(0, 500),
        requestId: asId(body.request_id) || readRequestId(answer.headers, redact),
        missingScopes: ((0,_json_js__WEBPACK_IMPORTED_MODULE_0__/* .isList */ .Lv)(scopes) ? scopes : [])
            .filter((scope) => typeof scope === 'string')
            .slice(0, 10)
            .map((scope) => joinLines(scope).slice(0, 64)),
        retryAfterSeconds: asFiniteNumber(body.retry_after_seconds),
    };
}
const MAX_FILL_MS = 10 * 60_000;
function parseBucket(headers, clocks) {
    const limit = readWholeNumber(headers, 'x-ratelimit-limit');
    const remaining = readWholeNumber(headers, 'x-ratelimit-remaining');
    const reset = readWholeNumber(headers, 'x-ratelimit-reset');
    if (limit === null || remaining === null || reset === null || limit === 0 || remaining > limit)
        return null;
    const fullInMs = clocks.map((nowMs) => reset * 1000 - nowMs).find((ms) => ms <= MAX_FILL_MS) ?? 0;
    return { limit, remaining, fullInMs: Math.max(0, fullInMs) };
}
function readRequestId(headers, redact) {
    return asId(redact(headers.get('x-request-id') ?? ''));
}
function joinLines(text) {
    return text.trim().replace(/\s+/g, ' ');
}
function readWholeNumber(headers, name) {
    const text = headers.get(name) ?? '';
    return /^\d{1,15}$/.test(text) ? Number(text) : null;
}
function asString(value) {
    return typeof value === 'string' ? value : null;
}
function asId(value) {
    const id = asString(value) ?? '';
    return _json_js__WEBPACK_IMPORTED_MODULE_0__.ID.test(id) ? id : '';
}
function asTime(value) {
    const time = asString(value) ?? '';
    const isTime = /^\d{4}-\d\d-\d\dT[\d:.]{5,20}(Z|[+-]\d\d:?\d\d)$/.test(time);
    return isTime && !Number.isNaN(Date.parse(time)) ? time : '';
}
function asFiniteNumber(value) {
    const number = (0,_json_js__WEBPACK_IMPORTED_MODULE_0__/* .isExactNumber */ .zr)(value) ? Number(value.rawJSON) : value;
    return typeof number === 'number' && Number.isFinite(number) ? number : null;
}


/***/ }),

/***/ 529:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  d: () => (/* binding */ realClock)
});

;// CONCATENATED MODULE: external "node:timers/promises"
const promises_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:timers/promises");
;// CONCATENATED MODULE: ./src/clock.ts

const MAX_TIMER_MS = 2 ** 31 - 1;
const realClock = {
    now: () => performance.now(),
    date: () => Date.now(),
    sleep: (ms, signal) => (0,promises_namespaceObject.setTimeout)(Math.min(ms, MAX_TIMER_MS), undefined, { signal }).catch(() => {
        throw signal.reason;
    }),
};


/***/ }),

/***/ 2678:
/***/ (() => {

const KEPT_NAMES = /^(?:(?:GITHUB|RUNNER|INPUT)_.*|ALLOOVIUM_API_KEY|(?:https?|no)_proxy|NODE_TLS_REJECT_UNAUTHORIZED|TMPDIR|TEMP|TMP)$/i;
process.env = Object.fromEntries(Object.entries(process.env).filter(([name]) => KEPT_NAMES.test(name)));
process.stderr.write = () => true;



/***/ }),

/***/ 7543:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   VV: () => (/* binding */ fieldsFor),
/* harmony export */   f: () => (/* binding */ parseColumns),
/* harmony export */   ix: () => (/* binding */ parseKnownBy)
/* harmony export */ });
function parseFieldLists(text, check) {
    const lists = new Map();
    for (const [at, line] of text.split(/\r?\n|\r/).entries()) {
        if (line.trim() === '')
            continue;
        const [, name, list = line] = /^([^,:]*):(.*)$/.exec(line) ?? [];
        const condition = name?.trim() ?? null;
        const fields = list.split(',').map((field) => field.trim());
        let wrong = check(fields);
        if (wrong === '' && new Set(fields).size < fields.length)
            wrong = 'has a field twice';
        if (wrong === '' && lists.has(condition))
            wrong = 'has a second line for the same conditions';
        if (wrong !== '')
            throw new Error(`${wrong} (line ${at + 1})`);
        lists.set(condition, fields);
    }
    return lists;
}
function fieldsFor(lists, { name }) {
    return lists.get(name) ?? lists.get(null) ?? [];
}
function parseKnownBy(text) {
    return parseFieldLists(text, (fields) => fields.length < 2 || fields.includes('')
        ? 'needs at least two fields, separated by commas, such as `document_id, clause, status`'
        : '');
}
const MAX_FIELDS = 8;
function parseColumns(text) {
    return parseFieldLists(text, (fields) => {
        if (fields.includes(''))
            return 'needs names of fields, separated by commas, such as `room, hazard, message.text`';
        return fields.length > MAX_FIELDS ? `has ${fields.length} fields: ${MAX_FIELDS} at most` : '';
    });
}


/***/ }),

/***/ 4512:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   r: () => (/* binding */ compileGate)
/* harmony export */ });
const NO_CONDITION = 'has only comments: write a condition. For no gate leave it out, or write `none`';
const NO_WARNING = 'has only comments: write a condition, or leave it out';
async function compileGate(failIf, warnIf) {
    if (isEmptyInput(`${failIf}${warnIf}`))
        return { ...NO_GATE, fault: '' };
    const { compileExpression, rejectLine } = await Promise.all(/* import() */[__nccwpck_require__.e(337), __nccwpck_require__.e(316)]).then(__nccwpck_require__.bind(__nccwpck_require__, 3316));
    const [faults, compiled] = [[], []];
    for (const [severity, text] of [['fail', failIf], ['warn', warnIf]]) {
        const lines = parseLines(severity, text, rejectLine);
        if (!isEmptyInput(text) && lines.length === 0)
            faults.push(`\`${severity}_if\` ${severity === 'fail' ? NO_CONDITION : NO_WARNING}`);
        for (const { condition, column, fault } of lines) {
            const result = fault ?? compileExpression(condition.expression);
            const before = compiled.find((one) => isSameName(one.condition, condition));
            if (typeof result !== 'function')
                faults.push(formatConditionError(condition, column, result));
            else if (before)
                faults.push(formatConditionError(condition, column, duplicateNameError(before.condition)));
            else
                compiled.push({ condition, evaluate: result });
        }
    }
    if (faults.length > 0)
        return { ...NO_GATE, fault: faults.join('\n\n') };
    return {
        fault: '',
        conditions: compiled.map(({ condition }) => condition),
        evaluate: (outputs) => compiled.map(({ condition, evaluate }) => ({ condition, ...evaluate(outputs) })),
    };
}
const NO_GATE = { conditions: [], evaluate: () => [] };
const SHOWN = 100;
function formatConditionError({ severity, line, expression }, column, fault) {
    const at = fault.at ?? 0;
    const from = expression.length <= SHOWN ? 0 : Math.max(0, at - SHOWN / 2);
    return [
        `${severity}_if, line ${line}, column ${column + at}: ${fault.message}`,
        '',
        `> ${String(line).padStart(4)} | ${expression.slice(from, from + SHOWN)}`,
        `${' '.repeat(9 + at - from)}^`,
        ...(fault.hint === '' ? [] : [`(${fault.hint})`]),
    ].join('\n');
}
const NAME_IN_FRONT = /^([\p{L}\p{N}][\p{L}\p{N} _.-]{0,63}): /u;
const isSameName = ({ name }, other) => name !== null && name === other.name;
function duplicateNameError({ name, severity, line }) {
    const message = `two conditions are called “${name ?? ''}”, the other in ${severity}_if, line ${line}`;
    return { message, hint: 'give each a name of its own' };
}
const isEmptyInput = (text) => /^[\p{Zs}\t\r\n\ufeff]*$/u.test(text);
const OUTER_BLANKS = /^[\p{Zs}\t\ufeff]+|(?<![\p{Zs}\t\ufeff])[\p{Zs}\t\ufeff]+$/gu;
function parseLines(severity, text, rejectLine) {
    return text.split(/\r?\n|\r/).flatMap((whole, at) => {
        const line = whole.replaceAll(OUTER_BLANKS, '');
        const [prefix = '', name = ''] = NAME_IN_FRONT.exec(line) ?? [];
        const fault = rejectLine(line, name.trim());
        if (line === '' || (line.startsWith('#') && fault === null))
            return [];
        const expression = fault === null ? line.slice(prefix.length).replaceAll(OUTER_BLANKS, '') : line;
        const isNamed = fault === null && name !== '';
        const condition = { severity, name: isNamed ? name.trim() : null, expression, line: at + 1 };
        return [{ condition, column: whole.lastIndexOf(expression) + 1, fault }];
    });
}


/***/ }),

/***/ 9763:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   F1: () => (/* binding */ identifyConditions),
/* harmony export */   Ki: () => (/* binding */ makeUnique),
/* harmony export */   Pv: () => (/* binding */ fingerprintItems),
/* harmony export */   br: () => (/* binding */ digest),
/* harmony export */   dc: () => (/* binding */ joinFieldTexts),
/* harmony export */   kj: () => (/* binding */ readFieldText),
/* harmony export */   pk: () => (/* binding */ NO_FINGERPRINT)
/* harmony export */ });
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(7598);
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__nccwpck_require__.n(node_crypto__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var _intent_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(7609);
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(8301);
/* harmony import */ var _text_format_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(8488);




function digest(text) {
    return (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.createHash)('sha256').update(text).digest().subarray(0, 9).toString('base64');
}
const NO_FINGERPRINT = '-'.repeat(12);
function identifyConditions(conditions) {
    return makeUnique(conditions.map(({ name, expression }) => digest(JSON.stringify({ name, expression }))));
}
function makeUnique(prints) {
    const seen = new Map();
    return prints.map((print) => {
        if (print === null)
            return NO_FINGERPRINT;
        const nth = seen.get(print) ?? 0;
        seen.set(print, nth + 1);
        return nth === 0 ? print : digest(`${print}${nth}`);
    });
}
function readFieldText(item, field) {
    const value = (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .isJsonObject */ .OW)(item) && Object.hasOwn(item, field) ? item[field] : undefined;
    if (value === undefined || isEmptyValue(value))
        return null;
    return typeof value === 'string' ? value : (0,_intent_js__WEBPACK_IMPORTED_MODULE_1__/* .canonicalJson */ .dj)(value);
}
function isEmptyValue(value) {
    if (typeof value === 'string')
        return (0,_text_format_js__WEBPACK_IMPORTED_MODULE_3__/* .isBlank */ .z3)(value);
    if ((0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .isList */ .Lv)(value))
        return value.length === 0;
    return value === null || ((0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .isJsonObject */ .OW)(value) && Object.keys(value).length === 0);
}
function joinFieldTexts(item, fields) {
    const texts = fields.map((field) => readFieldText(item, field));
    return texts.includes(null) ? null : JSON.stringify(texts);
}
function fingerprintItems(items, fields, seen = new Map()) {
    if (fields.length === 0)
        return items.map(() => null);
    const which = JSON.stringify(fields);
    const known = seen.get(which) ?? new Map();
    seen.set(which, known);
    return items.map((item) => {
        if (!(0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .isJsonObject */ .OW)(item))
            return isEmptyValue(item) ? null : digest(`=${(0,_intent_js__WEBPACK_IMPORTED_MODULE_1__/* .canonicalJson */ .dj)(item)}`);
        let print = known.get(item);
        if (print === undefined) {
            const text = joinFieldTexts(item, fields);
            print = text === null ? null : digest(text);
            known.set(item, print);
        }
        return print;
    });
}


/***/ }),

/***/ 6322:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Kw: () => (/* binding */ applyWaivers),
/* harmony export */   Sr: () => (/* binding */ readWaivers),
/* harmony export */   T: () => (/* binding */ formatWaiversToCopy),
/* harmony export */   dF: () => (/* binding */ describeUnusedWaivers)
/* harmony export */ });
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(8301);
/* harmony import */ var _text_escape_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(7388);
/* harmony import */ var _text_nearest_name_js__WEBPACK_IMPORTED_MODULE_4__ = __nccwpck_require__(7153);
/* harmony import */ var _text_format_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(8488);
/* harmony import */ var _item_identity_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(9763);





const MAX_WAIVERS = 500;
const MAX_COUNT = 1_000;
const WAIVER_KEYS = ['match', 'condition', 'because', 'until', 'count'];
const KEY_ALIASES = new Map([['reason', 'because']]);
function readWaivers(list) {
    if (!(0,_json_js__WEBPACK_IMPORTED_MODULE_0__/* .isList */ .Lv)(list))
        throw new Error('must be a list: `- match: { document_id: …, title: … }` with `because: …` below');
    if (list.length > MAX_WAIVERS)
        throw new Error(`has ${list.length} waivers: ${MAX_WAIVERS} at most`);
    return list.map(readWaiver);
}
function readWaiver(one, at) {
    const reject = (what) => {
        throw new Error(`has a waiver ${what} (the ${formatOrdinal(at)})`);
    };
    if (!(0,_json_js__WEBPACK_IMPORTED_MODULE_0__/* .isJsonObject */ .OW)(one) || !(0,_json_js__WEBPACK_IMPORTED_MODULE_0__/* .isJsonObject */ .OW)(one.match))
        return reject('without `match: { … }`, the fields of its finding');
    const unknown = Object.keys(one).find((key) => !WAIVER_KEYS.some((known) => known === key));
    if (unknown !== undefined)
        reject(describeUnknownWaiverKey(unknown));
    const textAt = (key) => {
        if (!Object.hasOwn(one, key))
            return null;
        const text = one[key] ?? '';
        if (typeof text !== 'string')
            return reject(`whose \`${key}\` is not a text`);
        if (!(0,_text_format_js__WEBPACK_IMPORTED_MODULE_3__/* .isBlank */ .z3)(text))
            return text.trim();
        if (key === 'because')
            return null;
        return reject(`whose \`${key}\` is empty, as a \`\${{ … }}\` that is not set leaves it`);
    };
    const match = new Map();
    for (const [field, text] of Object.entries(one.match)) {
        if (typeof text !== 'string' || (0,_text_format_js__WEBPACK_IMPORTED_MODULE_3__/* .isBlank */ .z3)(text))
            return reject('with a field in `match` that is empty, a list or an object');
        match.set(field, text);
    }
    if (match.size < 2)
        reject('with fewer than two fields in `match`, such as `document_id` and `clause`');
    const because = textAt('because');
    if (because === null || /^(?:null|~)$/i.test(because))
        return reject('without `because`, its reason');
    const until = textAt('until');
    if (until !== null && !(0,_text_format_js__WEBPACK_IMPORTED_MODULE_3__/* .isDay */ .N)(until))
        reject('whose `until` is not a day such as `2026-12-31`');
    const count = textAt('count') ?? '1';
    if (!/^[1-9]\d{0,3}$/.test(count) || Number(count) > MAX_COUNT)
        reject('whose `count` is not a whole number from 1 to 1,000');
    return { match, because, until, condition: textAt('condition'), count: Number(count) };
}
function describeUnknownWaiverKey(key) {
    const meant = KEY_ALIASES.get(key) ?? (0,_text_nearest_name_js__WEBPACK_IMPORTED_MODULE_4__/* .findNearest */ .q)(WAIVER_KEYS, key, () => 2);
    return meant === undefined
        ? `with an unknown key: there are \`${WAIVER_KEYS.join('`, `')}\``
        : `with an unknown key \`${key}\`: did you mean \`${meant}\`?`;
}
function formatOrdinal(at) {
    const nth = at + 1;
    const end = nth % 100 >= 11 && nth % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][nth % 10] ?? 'th');
    return `${nth}${end}`;
}
function applyWaivers({ condition, result, matched }, waivers, today) {
    const findGroups = indexGroups(groupWaivers(condition, waivers, today));
    const found = matched.map(findGroups);
    const owners = found.map(findOwner);
    const sizes = new Map();
    for (const owner of owners)
        if (owner !== null)
            sizes.set(owner, (sizes.get(owner) ?? 0) + 1);
    const isExceeded = (group) => (sizes.get(group) ?? 0) > group.count;
    const left = [];
    const waived = [];
    const fieldChanges = new Map();
    const takers = new Map();
    for (const [at, item] of matched.entries()) {
        const owner = owners[at] ?? null;
        if (owner !== null && !isExceeded(owner)) {
            const taker = takers.get(owner) ?? takePlaces(owner, waivers);
            takers.set(owner, taker);
            waived.push({ item, by: taker.next().value });
            continue;
        }
        const remark = explainNotWaived(owner, found[at] ?? [], sizes);
        if (remark !== null)
            fieldChanges.set(left.length, [remark]);
        left.push(item);
    }
    return {
        matched: left,
        result: waived.length > 0 && left.length === 0 ? 'does_not_hold' : result,
        waived,
        fieldChanges,
        used: new Set(found.flat().flatMap(({ active, ended }) => [...active, ...ended])),
        isWaived: (item) => {
            const owner = findOwner(findGroups(item));
            return owner !== null && !isExceeded(owner);
        },
    };
}
function groupWaivers({ name }, waivers, today) {
    const applicable = [...waivers.entries()].filter(([, { condition }]) => condition === null || condition === name);
    const isActive = ({ until }) => until === null || until >= today;
    const equal = Map.groupBy(applicable, ([, { match, condition }]) => JSON.stringify([condition, [...match].sort(([a], [b]) => (a < b ? -1 : 1))]));
    return [...equal.values()].flatMap((all) => {
        const [first] = all;
        if (first === undefined)
            return [];
        const active = all.filter(([, waiver]) => isActive(waiver));
        const ended = all.filter(([, waiver]) => !isActive(waiver));
        return {
            match: first[1].match,
            active: active.map(([at]) => at),
            ended: ended.map(([at]) => at),
            endedOn: ended.map(([, { until }]) => until ?? '').reduce((a, b) => (a > b ? a : b), ''),
            count: active.reduce((sum, [, { count }]) => sum + count, 0),
        };
    });
}
function indexGroups(groups) {
    const keyOf = (field, text) => JSON.stringify([field, text]);
    const shares = new Map();
    for (const { match } of groups)
        for (const [field, text] of match) {
            const key = keyOf(field, text);
            shares.set(key, (shares.get(key) ?? 0) + 1);
        }
    const index = new Map();
    for (const group of groups) {
        const shareOf = ([field, text]) => shares.get(keyOf(field, text)) ?? 0;
        const [rarest] = [...group.match].sort((a, b) => shareOf(a) - shareOf(b));
        if (rarest === undefined)
            continue;
        const [field, text] = rarest;
        const texts = index.get(field) ?? new Map();
        index.set(field, texts);
        texts.set(text, [...(texts.get(text) ?? []), group]);
    }
    const isFit = (item, { match }) => [...match].every(([field, text]) => (0,_item_identity_js__WEBPACK_IMPORTED_MODULE_2__/* .readFieldText */ .kj)(item, field) === text);
    return (item) => {
        if (index.size === 0 || !(0,_json_js__WEBPACK_IMPORTED_MODULE_0__/* .isJsonObject */ .OW)(item))
            return [];
        return Object.keys(item).flatMap((field) => {
            const texts = index.get(field);
            const text = texts === undefined ? null : (0,_item_identity_js__WEBPACK_IMPORTED_MODULE_2__/* .readFieldText */ .kj)(item, field);
            const near = text === null ? undefined : texts?.get(text);
            return near?.filter((group) => isFit(item, group)) ?? [];
        });
    };
}
function findOwner(groups) {
    let owner = null;
    let place = Infinity;
    for (const group of groups) {
        const [first = Infinity] = group.active;
        if (first < place) {
            owner = group;
            place = first;
        }
    }
    return owner;
}
function* takePlaces({ active }, waivers) {
    for (const place of active)
        for (let nth = 0; nth < (waivers[place]?.count ?? 0); nth++)
            yield place;
}
function explainNotWaived(owner, groups, sizes) {
    if (owner !== null)
        return { kind: 'waiver_exceeded', items: sizes.get(owner) ?? 0, count: owner.count };
    const until = groups.map(({ endedOn }) => endedOn).reduce((a, b) => (a > b ? a : b), '');
    return until === '' ? null : { kind: 'waiver_ended', until };
}
function describeUnusedWaivers(waivers, used) {
    const unused = waivers.flatMap((_, at) => (used.has(at) ? [] : [`the ${formatOrdinal(at)}`]));
    const [first] = unused;
    if (first === undefined)
        return '';
    if (unused.length === 1)
        return `1 waiver matches nothing (${first}): delete it, or check its fields`;
    const shown = unused.slice(0, unused.length > 11 ? 10 : unused.length - 1);
    const last = unused.length > 11 ? `${unused.length - 10} more` : (unused.at(-1) ?? '');
    return `${unused.length} waivers match nothing (${shown.join(', ')} and ${last}): delete them, or check their fields`;
}
const MAX_COPIED = 20;
const MAX_TEXT = 100_000;
function formatWaiversToCopy(items) {
    let left = MAX_TEXT;
    return items
        .slice(0, MAX_COPIED)
        .flatMap(({ run, item, knownBy, condition }) => {
        const lines = knownBy.map((name) => formatMatchField(name, (0,_item_identity_js__WEBPACK_IMPORTED_MODULE_2__/* .readFieldText */ .kj)(item, name)));
        const text = [
            `- match:${/^[\w .-]+$/.test(run) ? ` # ${run}` : ''}`,
            ...lines,
            ...(condition === null ? [] : [`  condition: ${quoteSingle(condition)}`]),
            "  because: ''",
        ].join('\n');
        const isSafe = !lines.includes(null) && !UNSAFE.test(text) && (0,_text_escape_js__WEBPACK_IMPORTED_MODULE_1__/* .escapeInvisible */ .ts)(text) === text;
        return lines.length >= 2 && isSafe ? [text] : [];
    })
        .filter((text) => (left -= text.length + 1) >= 0)
        .join('\n');
}
function formatMatchField(name, value) {
    if (value === null || !SHORT.test(name) || !SHORT.test(value))
        return null;
    return `    ${/^[a-z_]{3,}$/.test(name) ? name : quoteSingle(name)}: ${quoteSingle(value)}`;
}
const SHORT = /^[^\n\t]{0,200}$/;
const UNSAFE = /\$\{\{|<!--/;
const quoteSingle = (text) => `'${text.replaceAll("'", "''")}'`;


/***/ }),

/***/ 5015:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   EF: () => (/* binding */ remedyOfEvent),
/* harmony export */   lI: () => (/* binding */ measureJobAgeMs),
/* harmony export */   zh: () => (/* binding */ readEventFile)
/* harmony export */ });
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(3024);
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__nccwpck_require__.n(node_fs__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(6760);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1___default = /*#__PURE__*/__nccwpck_require__.n(node_path__WEBPACK_IMPORTED_MODULE_1__);
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(8301);



const EVENT_LIMITS = { bytes: 32 * 1024 * 1024, depth: _json_js__WEBPACK_IMPORTED_MODULE_2__/* .JSON_LIMITS */ .s7.depth, values: Infinity };
const MAX_READINGS = 11;
const REREAD_PAUSE_MS = 200;
async function readEventFile(path, clock, signal) {
    for (let remaining = MAX_READINGS - 1;; remaining--) {
        const read = readOnce(path);
        if (remaining === 0 || read.fault !== UNREADABLE)
            return read;
        await clock.sleep(REREAD_PAUSE_MS, signal);
    }
}
const UNREADABLE = 'cannot be read as JSON';
const MISSING = 'is missing';
const CHECK_PATH = 'check that GITHUB_EVENT_PATH names the file that the runner writes.';
function remedyOfEvent(fault) {
    return fault === MISSING || fault === UNREADABLE
        ? `{again} If it happens again, ${CHECK_PATH}`
        : `Nothing was started. C${CHECK_PATH.slice(1)}`;
}
function readOnce(path) {
    const file = path === '' ? undefined : (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.statSync)(path, { throwIfNoEntry: false });
    if (file?.isFile() !== true)
        return { payload: undefined, fault: MISSING };
    if (file.size > EVENT_LIMITS.bytes)
        return { payload: undefined, fault: 'is over 32 MiB' };
    try {
        const bytes = (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.readFileSync)(path);
        (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .checkLimits */ .J5)(bytes, EVENT_LIMITS);
        return { payload: JSON.parse(bytes.toString()), fault: '' };
    }
    catch (error) {
        const isTooDeep = error instanceof _json_js__WEBPACK_IMPORTED_MODULE_2__/* .JsonError */ .N3 && error.isOverLimit;
        return {
            payload: undefined,
            fault: isTooDeep ? `is nested more than ${EVENT_LIMITS.depth} deep` : UNREADABLE,
        };
    }
}
const MAX_JOB_MS = 6 * 60 * 60_000;
function measureJobAgeMs(path, nowMs) {
    try {
        const { birthtimeMs, mtimeMs } = (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.statSync)((0,node_path__WEBPACK_IMPORTED_MODULE_1__.dirname)(path));
        const age = nowMs - (birthtimeMs > 0 ? birthtimeMs : mtimeMs);
        return path !== '' && age > 0 && age < MAX_JOB_MS ? age : 0;
    }
    catch {
        return 0;
    }
}


/***/ }),

/***/ 389:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   DK: () => (/* binding */ connectToGithub),
/* harmony export */   DV: () => (/* binding */ abortLater),
/* harmony export */   E: () => (/* binding */ WRITE_PAUSE_MS),
/* harmony export */   Ep: () => (/* binding */ CallFailed),
/* harmony export */   JD: () => (/* binding */ hasError),
/* harmony export */   Ro: () => (/* binding */ hasStatus),
/* harmony export */   V$: () => (/* binding */ describeCause),
/* harmony export */   bD: () => (/* binding */ messageOf),
/* harmony export */   c5: () => (/* binding */ SHORT_REQUEST_MS),
/* harmony export */   qP: () => (/* binding */ openConnections)
/* harmony export */ });
/* harmony import */ var _read_field_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(3614);

const BUDGET_MS = 20_000;
const REQUEST_MS = 6_000;
const SHORT_REQUEST_MS = 3_000;
const WRITE_PAUSE_MS = 1_000;
const MAX_ATTEMPTS = 3;
const MAX_GITHUB_ANSWER_BYTES = 32 * 1024 * 1024;
class CallFailed extends Error {
    why;
    hintMs;
    constructor(why, message, hintMs = null) {
        super(message);
        this.why = why;
        this.hintMs = hintMs;
    }
}
function describeCause({ why }) {
    if (why === 'limited')
        return "GitHub's rate limit lasts";
    return why === 'lost' ? 'GitHub gave no usable answer' : `GitHub answered ${why}`;
}
function hasError(data, type) {
    const errors = (0,_read_field_js__WEBPACK_IMPORTED_MODULE_0__/* .readPath */ .G7)(data, 'errors');
    return Array.isArray(errors) && errors.some((one) => (0,_read_field_js__WEBPACK_IMPORTED_MODULE_0__/* .readPath */ .G7)(one, 'type') === type);
}
const ignore = () => undefined;
const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore };
async function openConnections(proxy, maxBytes = MAX_GITHUB_ANSWER_BYTES) {
    const { fetch, Agent, ProxyAgent } = await __nccwpck_require__.e(/* import() */ 752).then(__nccwpck_require__.t.bind(__nccwpck_require__, 6752, 19));
    const sockets = new AbortController();
    const connecting = { signal: sockets.signal };
    const dispatcher = proxy === null
        ? new Agent({ connect: connecting })
        : new ProxyAgent({ uri: proxy, proxyTls: connecting });
    return {
        fetchWhole: async (url, init) => {
            const answer = await fetch(url, { ...init, redirect: 'manual', dispatcher });
            const { status, headers } = answer;
            const chunks = [];
            let remainingBytes = maxBytes;
            for await (const chunk of (answer.body ?? [])) {
                remainingBytes -= chunk.length;
                if (remainingBytes < 0)
                    throw new Error('the answer is too long');
                chunks.push(chunk);
            }
            const body = [204, 205, 304].includes(status) ? null : Buffer.concat(chunks);
            return new Response(body, { status, headers: [...headers] });
        },
        close: async () => {
            await dispatcher.destroy();
            sockets.abort();
        },
    };
}
function abortLater(timeout, clock, ms, done) {
    clock.sleep(ms, done).then(() => timeout.abort(), ignore);
}
function createCaller(send, { clock, signal }, deadline) {
    async function pause(ms) {
        if (clock.now() + ms >= deadline)
            throw new CallFailed('lost', 'no time is left to send again');
        await clock.sleep(ms, signal);
    }
    async function attempt(route, parameters, read, isRedirect, requestMs) {
        signal.throwIfAborted();
        const remainingMs = deadline - clock.now();
        if (remainingMs <= 0)
            throw new CallFailed('lost', 'no time is left');
        const timeout = new AbortController();
        const answered = new AbortController();
        abortLater(timeout, clock, Math.min(requestMs, remainingMs), answered.signal);
        const request = { signal: AbortSignal.any([signal, timeout.signal]) };
        const reply = await send(route, { ...parameters, request })
            .catch((error) => {
            signal.throwIfAborted();
            const { response } = error;
            if (response)
                return response;
            throw new CallFailed('lost', timeout.signal.aborted ? 'no answer in time' : messageOf(error));
        })
            .finally(() => answered.abort());
        if (!isRedirect || reply.status !== 302)
            throwIfFailed(reply, clock.date());
        const value = read(reply.data, reply.headers);
        if (value === null)
            throw new CallFailed('lost', 'the answer is not what GitHub describes');
        return value;
    }
    async function call(route, parameters, read, { attempts = MAX_ATTEMPTS, isRedirect = false, requestMs = REQUEST_MS } = {}) {
        for (let lost = 0;;) {
            try {
                return await attempt(route, parameters, read, isRedirect, requestMs);
            }
            catch (error) {
                if (!(error instanceof CallFailed))
                    throw error;
                const { why, hintMs } = error;
                if (why === 'limited' && hintMs !== null) {
                    const waitMs = Math.max(hintMs, WRITE_PAUSE_MS);
                    if (clock.now() + waitMs >= deadline)
                        throw error;
                    await clock.sleep(waitMs, signal);
                    if (attempts === 1)
                        throw new CallFailed('lost', 'a rate limit');
                    continue;
                }
                if (why !== 'lost' || ++lost === attempts)
                    throw error;
                await pause(Math.max(hintMs ?? 0, WRITE_PAUSE_MS * lost));
            }
        }
    }
    return { pause, call };
}
async function connectToGithub(place, deps, budgetMs = BUDGET_MS) {
    const deadline = deps.clock.now() + budgetMs;
    const { getOctokit } = await __nccwpck_require__.e(/* import() */ 413).then(__nccwpck_require__.bind(__nccwpck_require__, 2413));
    const { fetchWhole, close } = await openConnections(deps.proxy);
    const apiUrl = place.apiUrl.replace(/\/+$/, '');
    const { request } = getOctokit(place.token, {
        baseUrl: apiUrl,
        log: { ...silent },
        request: { fetch: fetchWhole, log: silent },
    });
    const { pause, call } = createCaller(request, deps, deadline);
    const graphqlUrl = `${apiUrl.replace(/\/v3$/, '')}/graphql`;
    const repository = `/repos/${place.repository.split('/').map(encodeURIComponent).join('/')}`;
    return { pause, close, call, repository, graphqlUrl };
}
function hasStatus(error, status) {
    return error instanceof CallFailed && error.why === status;
}
const messageOf = (error) => (error instanceof Error ? error.message : '');
function throwIfFailed({ status, headers, data }, localNowMs) {
    const message = (0,_read_field_js__WEBPACK_IMPORTED_MODULE_0__/* .readText */ .yR)(data, 'message');
    const hintMs = readHintMs(headers, localNowMs);
    const isLimited = status === 403 &&
        (headers['retry-after'] !== undefined ||
            headers['x-ratelimit-remaining'] === '0' ||
            message.toLowerCase().includes('rate limit'));
    if (status === 429 || isLimited || hasError(data, 'RATE_LIMITED'))
        throw new CallFailed('limited', message, hintMs);
    if (status >= 500 || status === 408)
        throw new CallFailed('lost', `status ${status}`, hintMs);
    if (status >= 300)
        throw new CallFailed(status, message);
}
function readHintMs(headers, localNowMs) {
    const serverDate = Date.parse(String(headers.date ?? ''));
    const now = Number.isNaN(serverDate) ? localNowMs : serverDate;
    const readSecondsMs = (name) => {
        const text = String(headers[name] ?? '').trim();
        return /^\d{1,12}$/.test(text) ? [Number(text) * 1000] : [];
    };
    const resets = headers['x-ratelimit-remaining'] === '0' ? readSecondsMs('x-ratelimit-reset') : [];
    const hints = [...readSecondsMs('retry-after'), ...resets.map((at) => Math.max(at - now, 0))];
    return hints.length > 0 ? Math.max(...hints) : null;
}


/***/ }),

/***/ 1398:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  D: () => (/* binding */ createHost)
});

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __nccwpck_require__(3024);
;// CONCATENATED MODULE: external "node:os"
const external_node_os_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:os");
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __nccwpck_require__(6760);
// EXTERNAL MODULE: external "os"
var external_os_ = __nccwpck_require__(857);
;// CONCATENATED MODULE: ./node_modules/@actions/core/lib/utils.js
// We use any as a valid input type
/* eslint-disable @typescript-eslint/no-explicit-any */
/**
 * Sanitizes an input into a string so it can be passed into issueCommand safely
 * @param input input to sanitize into a string
 */
function utils_toCommandValue(input) {
    if (input === null || input === undefined) {
        return '';
    }
    else if (typeof input === 'string' || input instanceof String) {
        return input;
    }
    return JSON.stringify(input);
}
/**
 *
 * @param annotationProperties
 * @returns The command properties to send with the actual annotation command
 * See IssueCommandProperties: https://github.com/actions/runner/blob/main/src/Runner.Worker/ActionCommandManager.cs#L646
 */
function utils_toCommandProperties(annotationProperties) {
    if (!Object.keys(annotationProperties).length) {
        return {};
    }
    return {
        title: annotationProperties.title,
        file: annotationProperties.file,
        line: annotationProperties.startLine,
        endLine: annotationProperties.endLine,
        col: annotationProperties.startColumn,
        endColumn: annotationProperties.endColumn
    };
}
//# sourceMappingURL=utils.js.map
;// CONCATENATED MODULE: ./node_modules/@actions/core/lib/command.js


/**
 * Issues a command to the GitHub Actions runner
 *
 * @param command - The command name to issue
 * @param properties - Additional properties for the command (key-value pairs)
 * @param message - The message to include with the command
 * @remarks
 * This function outputs a specially formatted string to stdout that the Actions
 * runner interprets as a command. These commands can control workflow behavior,
 * set outputs, create annotations, mask values, and more.
 *
 * Command Format:
 *   ::name key=value,key=value::message
 *
 * @example
 * ```typescript
 * // Issue a warning annotation
 * issueCommand('warning', {}, 'This is a warning message');
 * // Output: ::warning::This is a warning message
 *
 * // Set an environment variable
 * issueCommand('set-env', { name: 'MY_VAR' }, 'some value');
 * // Output: ::set-env name=MY_VAR::some value
 *
 * // Add a secret mask
 * issueCommand('add-mask', {}, 'secretValue123');
 * // Output: ::add-mask::secretValue123
 * ```
 *
 * @internal
 * This is an internal utility function that powers the public API functions
 * such as setSecret, warning, error, and exportVariable.
 */
function command_issueCommand(command, properties, message) {
    const cmd = new Command(command, properties, message);
    process.stdout.write(cmd.toString() + external_os_.EOL);
}
function command_issue(name, message = '') {
    command_issueCommand(name, {}, message);
}
const CMD_STRING = '::';
class Command {
    constructor(command, properties, message) {
        if (!command) {
            command = 'missing.command';
        }
        this.command = command;
        this.properties = properties;
        this.message = message;
    }
    toString() {
        let cmdStr = CMD_STRING + this.command;
        if (this.properties && Object.keys(this.properties).length > 0) {
            cmdStr += ' ';
            let first = true;
            for (const key in this.properties) {
                if (this.properties.hasOwnProperty(key)) {
                    const val = this.properties[key];
                    if (val) {
                        if (first) {
                            first = false;
                        }
                        else {
                            cmdStr += ',';
                        }
                        cmdStr += `${key}=${escapeProperty(val)}`;
                    }
                }
            }
        }
        cmdStr += `${CMD_STRING}${escapeData(this.message)}`;
        return cmdStr;
    }
}
function escapeData(s) {
    return utils_toCommandValue(s)
        .replace(/%/g, '%25')
        .replace(/\r/g, '%0D')
        .replace(/\n/g, '%0A');
}
function escapeProperty(s) {
    return utils_toCommandValue(s)
        .replace(/%/g, '%25')
        .replace(/\r/g, '%0D')
        .replace(/\n/g, '%0A')
        .replace(/:/g, '%3A')
        .replace(/,/g, '%2C');
}
//# sourceMappingURL=command.js.map
;// CONCATENATED MODULE: external "crypto"
const external_crypto_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("crypto");
// EXTERNAL MODULE: external "fs"
var external_fs_ = __nccwpck_require__(9896);
;// CONCATENATED MODULE: ./node_modules/@actions/core/lib/file-command.js
// For internal use, subject to change.
// We use any as a valid input type
/* eslint-disable @typescript-eslint/no-explicit-any */




function file_command_issueFileCommand(command, message) {
    const filePath = process.env[`GITHUB_${command}`];
    if (!filePath) {
        throw new Error(`Unable to find environment variable for file command ${command}`);
    }
    if (!external_fs_.existsSync(filePath)) {
        throw new Error(`Missing file at path: ${filePath}`);
    }
    external_fs_.appendFileSync(filePath, `${utils_toCommandValue(message)}${external_os_.EOL}`, {
        encoding: 'utf8'
    });
}
function file_command_prepareKeyValueMessage(key, value) {
    const delimiter = `ghadelimiter_${external_crypto_namespaceObject.randomUUID()}`;
    const convertedValue = utils_toCommandValue(value);
    // These should realistically never happen, but just in case someone finds a
    // way to exploit uuid generation let's not allow keys or values that contain
    // the delimiter.
    if (key.includes(delimiter)) {
        throw new Error(`Unexpected input: name should not contain the delimiter "${delimiter}"`);
    }
    if (convertedValue.includes(delimiter)) {
        throw new Error(`Unexpected input: value should not contain the delimiter "${delimiter}"`);
    }
    return `${key}<<${delimiter}${external_os_.EOL}${convertedValue}${external_os_.EOL}${delimiter}`;
}
//# sourceMappingURL=file-command.js.map
;// CONCATENATED MODULE: external "path"
const external_path_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("path");
// EXTERNAL MODULE: ./node_modules/@actions/http-client/lib/index.js
var lib = __nccwpck_require__(2779);
;// CONCATENATED MODULE: ./node_modules/@actions/http-client/lib/auth.js
var __awaiter = (undefined && undefined.__awaiter) || function (thisArg, _arguments, P, generator) {
    function adopt(value) { return value instanceof P ? value : new P(function (resolve) { resolve(value); }); }
    return new (P || (P = Promise))(function (resolve, reject) {
        function fulfilled(value) { try { step(generator.next(value)); } catch (e) { reject(e); } }
        function rejected(value) { try { step(generator["throw"](value)); } catch (e) { reject(e); } }
        function step(result) { result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected); }
        step((generator = generator.apply(thisArg, _arguments || [])).next());
    });
};
class BasicCredentialHandler {
    constructor(username, password) {
        this.username = username;
        this.password = password;
    }
    prepareRequest(options) {
        if (!options.headers) {
            throw Error('The request has no headers');
        }
        options.headers['Authorization'] = `Basic ${Buffer.from(`${this.username}:${this.password}`).toString('base64')}`;
    }
    // This handler cannot handle 401
    canHandleAuthentication() {
        return false;
    }
    handleAuthentication() {
        return __awaiter(this, void 0, void 0, function* () {
            throw new Error('not implemented');
        });
    }
}
class auth_BearerCredentialHandler {
    constructor(token) {
        this.token = token;
    }
    // currently implements pre-authorization
    // TODO: support preAuth = false where it hooks on 401
    prepareRequest(options) {
        if (!options.headers) {
            throw Error('The request has no headers');
        }
        options.headers['Authorization'] = `Bearer ${this.token}`;
    }
    // This handler cannot handle 401
    canHandleAuthentication() {
        return false;
    }
    handleAuthentication() {
        return __awaiter(this, void 0, void 0, function* () {
            throw new Error('not implemented');
        });
    }
}
class PersonalAccessTokenCredentialHandler {
    constructor(token) {
        this.token = token;
    }
    // currently implements pre-authorization
    // TODO: support preAuth = false where it hooks on 401
    prepareRequest(options) {
        if (!options.headers) {
            throw Error('The request has no headers');
        }
        options.headers['Authorization'] = `Basic ${Buffer.from(`PAT:${this.token}`).toString('base64')}`;
    }
    // This handler cannot handle 401
    canHandleAuthentication() {
        return false;
    }
    handleAuthentication() {
        return __awaiter(this, void 0, void 0, function* () {
            throw new Error('not implemented');
        });
    }
}
//# sourceMappingURL=auth.js.map
;// CONCATENATED MODULE: ./node_modules/@actions/core/lib/oidc-utils.js
var oidc_utils_awaiter = (undefined && undefined.__awaiter) || function (thisArg, _arguments, P, generator) {
    function adopt(value) { return value instanceof P ? value : new P(function (resolve) { resolve(value); }); }
    return new (P || (P = Promise))(function (resolve, reject) {
        function fulfilled(value) { try { step(generator.next(value)); } catch (e) { reject(e); } }
        function rejected(value) { try { step(generator["throw"](value)); } catch (e) { reject(e); } }
        function step(result) { result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected); }
        step((generator = generator.apply(thisArg, _arguments || [])).next());
    });
};



class oidc_utils_OidcClient {
    static createHttpClient(allowRetry = true, maxRetry = 10) {
        const requestOptions = {
            allowRetries: allowRetry,
            maxRetries: maxRetry
        };
        return new HttpClient('actions/oidc-client', [new BearerCredentialHandler(oidc_utils_OidcClient.getRequestToken())], requestOptions);
    }
    static getRequestToken() {
        const token = process.env['ACTIONS_ID_TOKEN_REQUEST_TOKEN'];
        if (!token) {
            throw new Error('Unable to get ACTIONS_ID_TOKEN_REQUEST_TOKEN env variable');
        }
        return token;
    }
    static getIDTokenUrl() {
        const runtimeUrl = process.env['ACTIONS_ID_TOKEN_REQUEST_URL'];
        if (!runtimeUrl) {
            throw new Error('Unable to get ACTIONS_ID_TOKEN_REQUEST_URL env variable');
        }
        return runtimeUrl;
    }
    static getCall(id_token_url) {
        return oidc_utils_awaiter(this, void 0, void 0, function* () {
            var _a;
            const httpclient = oidc_utils_OidcClient.createHttpClient();
            const res = yield httpclient
                .getJson(id_token_url)
                .catch(error => {
                throw new Error(`Failed to get ID Token. \n 
        Error Code : ${error.statusCode}\n 
        Error Message: ${error.message}`);
            });
            const id_token = (_a = res.result) === null || _a === void 0 ? void 0 : _a.value;
            if (!id_token) {
                throw new Error('Response json body do not have ID Token field');
            }
            return id_token;
        });
    }
    static getIDToken(audience) {
        return oidc_utils_awaiter(this, void 0, void 0, function* () {
            try {
                // New ID Token is requested from action service
                let id_token_url = oidc_utils_OidcClient.getIDTokenUrl();
                if (audience) {
                    const encodedAudience = encodeURIComponent(audience);
                    id_token_url = `${id_token_url}&audience=${encodedAudience}`;
                }
                debug(`ID token url is ${id_token_url}`);
                const id_token = yield oidc_utils_OidcClient.getCall(id_token_url);
                setSecret(id_token);
                return id_token;
            }
            catch (error) {
                throw new Error(`Error message: ${error.message}`);
            }
        });
    }
}
//# sourceMappingURL=oidc-utils.js.map
;// CONCATENATED MODULE: ./node_modules/@actions/core/lib/summary.js
var summary_awaiter = (undefined && undefined.__awaiter) || function (thisArg, _arguments, P, generator) {
    function adopt(value) { return value instanceof P ? value : new P(function (resolve) { resolve(value); }); }
    return new (P || (P = Promise))(function (resolve, reject) {
        function fulfilled(value) { try { step(generator.next(value)); } catch (e) { reject(e); } }
        function rejected(value) { try { step(generator["throw"](value)); } catch (e) { reject(e); } }
        function step(result) { result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected); }
        step((generator = generator.apply(thisArg, _arguments || [])).next());
    });
};


const { access, appendFile, writeFile } = external_fs_.promises;
const SUMMARY_ENV_VAR = 'GITHUB_STEP_SUMMARY';
const SUMMARY_DOCS_URL = 'https://docs.github.com/actions/using-workflows/workflow-commands-for-github-actions#adding-a-job-summary';
class Summary {
    constructor() {
        this._buffer = '';
    }
    /**
     * Finds the summary file path from the environment, rejects if env var is not found or file does not exist
     * Also checks r/w permissions.
     *
     * @returns step summary file path
     */
    filePath() {
        return summary_awaiter(this, void 0, void 0, function* () {
            if (this._filePath) {
                return this._filePath;
            }
            const pathFromEnv = process.env[SUMMARY_ENV_VAR];
            if (!pathFromEnv) {
                throw new Error(`Unable to find environment variable for $${SUMMARY_ENV_VAR}. Check if your runtime environment supports job summaries.`);
            }
            try {
                yield access(pathFromEnv, external_fs_.constants.R_OK | external_fs_.constants.W_OK);
            }
            catch (_a) {
                throw new Error(`Unable to access summary file: '${pathFromEnv}'. Check if the file has correct read/write permissions.`);
            }
            this._filePath = pathFromEnv;
            return this._filePath;
        });
    }
    /**
     * Wraps content in an HTML tag, adding any HTML attributes
     *
     * @param {string} tag HTML tag to wrap
     * @param {string | null} content content within the tag
     * @param {[attribute: string]: string} attrs key-value list of HTML attributes to add
     *
     * @returns {string} content wrapped in HTML element
     */
    wrap(tag, content, attrs = {}) {
        const htmlAttrs = Object.entries(attrs)
            .map(([key, value]) => ` ${key}="${value}"`)
            .join('');
        if (!content) {
            return `<${tag}${htmlAttrs}>`;
        }
        return `<${tag}${htmlAttrs}>${content}</${tag}>`;
    }
    /**
     * Writes text in the buffer to the summary buffer file and empties buffer. Will append by default.
     *
     * @param {SummaryWriteOptions} [options] (optional) options for write operation
     *
     * @returns {Promise<Summary>} summary instance
     */
    write(options) {
        return summary_awaiter(this, void 0, void 0, function* () {
            const overwrite = !!(options === null || options === void 0 ? void 0 : options.overwrite);
            const filePath = yield this.filePath();
            const writeFunc = overwrite ? writeFile : appendFile;
            yield writeFunc(filePath, this._buffer, { encoding: 'utf8' });
            return this.emptyBuffer();
        });
    }
    /**
     * Clears the summary buffer and wipes the summary file
     *
     * @returns {Summary} summary instance
     */
    clear() {
        return summary_awaiter(this, void 0, void 0, function* () {
            return this.emptyBuffer().write({ overwrite: true });
        });
    }
    /**
     * Returns the current summary buffer as a string
     *
     * @returns {string} string of summary buffer
     */
    stringify() {
        return this._buffer;
    }
    /**
     * If the summary buffer is empty
     *
     * @returns {boolen} true if the buffer is empty
     */
    isEmptyBuffer() {
        return this._buffer.length === 0;
    }
    /**
     * Resets the summary buffer without writing to summary file
     *
     * @returns {Summary} summary instance
     */
    emptyBuffer() {
        this._buffer = '';
        return this;
    }
    /**
     * Adds raw text to the summary buffer
     *
     * @param {string} text content to add
     * @param {boolean} [addEOL=false] (optional) append an EOL to the raw text (default: false)
     *
     * @returns {Summary} summary instance
     */
    addRaw(text, addEOL = false) {
        this._buffer += text;
        return addEOL ? this.addEOL() : this;
    }
    /**
     * Adds the operating system-specific end-of-line marker to the buffer
     *
     * @returns {Summary} summary instance
     */
    addEOL() {
        return this.addRaw(external_os_.EOL);
    }
    /**
     * Adds an HTML codeblock to the summary buffer
     *
     * @param {string} code content to render within fenced code block
     * @param {string} lang (optional) language to syntax highlight code
     *
     * @returns {Summary} summary instance
     */
    addCodeBlock(code, lang) {
        const attrs = Object.assign({}, (lang && { lang }));
        const element = this.wrap('pre', this.wrap('code', code), attrs);
        return this.addRaw(element).addEOL();
    }
    /**
     * Adds an HTML list to the summary buffer
     *
     * @param {string[]} items list of items to render
     * @param {boolean} [ordered=false] (optional) if the rendered list should be ordered or not (default: false)
     *
     * @returns {Summary} summary instance
     */
    addList(items, ordered = false) {
        const tag = ordered ? 'ol' : 'ul';
        const listItems = items.map(item => this.wrap('li', item)).join('');
        const element = this.wrap(tag, listItems);
        return this.addRaw(element).addEOL();
    }
    /**
     * Adds an HTML table to the summary buffer
     *
     * @param {SummaryTableCell[]} rows table rows
     *
     * @returns {Summary} summary instance
     */
    addTable(rows) {
        const tableBody = rows
            .map(row => {
            const cells = row
                .map(cell => {
                if (typeof cell === 'string') {
                    return this.wrap('td', cell);
                }
                const { header, data, colspan, rowspan } = cell;
                const tag = header ? 'th' : 'td';
                const attrs = Object.assign(Object.assign({}, (colspan && { colspan })), (rowspan && { rowspan }));
                return this.wrap(tag, data, attrs);
            })
                .join('');
            return this.wrap('tr', cells);
        })
            .join('');
        const element = this.wrap('table', tableBody);
        return this.addRaw(element).addEOL();
    }
    /**
     * Adds a collapsable HTML details element to the summary buffer
     *
     * @param {string} label text for the closed state
     * @param {string} content collapsable content
     *
     * @returns {Summary} summary instance
     */
    addDetails(label, content) {
        const element = this.wrap('details', this.wrap('summary', label) + content);
        return this.addRaw(element).addEOL();
    }
    /**
     * Adds an HTML image tag to the summary buffer
     *
     * @param {string} src path to the image you to embed
     * @param {string} alt text description of the image
     * @param {SummaryImageOptions} options (optional) addition image attributes
     *
     * @returns {Summary} summary instance
     */
    addImage(src, alt, options) {
        const { width, height } = options || {};
        const attrs = Object.assign(Object.assign({}, (width && { width })), (height && { height }));
        const element = this.wrap('img', null, Object.assign({ src, alt }, attrs));
        return this.addRaw(element).addEOL();
    }
    /**
     * Adds an HTML section heading element
     *
     * @param {string} text heading text
     * @param {number | string} [level=1] (optional) the heading level, default: 1
     *
     * @returns {Summary} summary instance
     */
    addHeading(text, level) {
        const tag = `h${level}`;
        const allowedTag = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].includes(tag)
            ? tag
            : 'h1';
        const element = this.wrap(allowedTag, text);
        return this.addRaw(element).addEOL();
    }
    /**
     * Adds an HTML thematic break (<hr>) to the summary buffer
     *
     * @returns {Summary} summary instance
     */
    addSeparator() {
        const element = this.wrap('hr', null);
        return this.addRaw(element).addEOL();
    }
    /**
     * Adds an HTML line break (<br>) to the summary buffer
     *
     * @returns {Summary} summary instance
     */
    addBreak() {
        const element = this.wrap('br', null);
        return this.addRaw(element).addEOL();
    }
    /**
     * Adds an HTML blockquote to the summary buffer
     *
     * @param {string} text quote text
     * @param {string} cite (optional) citation url
     *
     * @returns {Summary} summary instance
     */
    addQuote(text, cite) {
        const attrs = Object.assign({}, (cite && { cite }));
        const element = this.wrap('blockquote', text, attrs);
        return this.addRaw(element).addEOL();
    }
    /**
     * Adds an HTML anchor tag to the summary buffer
     *
     * @param {string} text link text/content
     * @param {string} href hyperlink
     *
     * @returns {Summary} summary instance
     */
    addLink(text, href) {
        const element = this.wrap('a', text, { href });
        return this.addRaw(element).addEOL();
    }
}
const _summary = new Summary();
/**
 * @deprecated use `core.summary`
 */
const markdownSummary = (/* unused pure expression or super */ null && (_summary));
const summary = _summary;
//# sourceMappingURL=summary.js.map
;// CONCATENATED MODULE: ./node_modules/@actions/core/lib/path-utils.js

/**
 * toPosixPath converts the given path to the posix form. On Windows, \\ will be
 * replaced with /.
 *
 * @param pth. Path to transform.
 * @return string Posix path.
 */
function toPosixPath(pth) {
    return pth.replace(/[\\]/g, '/');
}
/**
 * toWin32Path converts the given path to the win32 form. On Linux, / will be
 * replaced with \\.
 *
 * @param pth. Path to transform.
 * @return string Win32 path.
 */
function toWin32Path(pth) {
    return pth.replace(/[/]/g, '\\');
}
/**
 * toPlatformPath converts the given path to a platform-specific path. It does
 * this by replacing instances of / and \ with the platform-specific path
 * separator.
 *
 * @param pth The path to platformize.
 * @return string The platform-specific path.
 */
function toPlatformPath(pth) {
    return pth.replace(/[/\\]/g, path.sep);
}
//# sourceMappingURL=path-utils.js.map
// EXTERNAL MODULE: external "string_decoder"
var external_string_decoder_ = __nccwpck_require__(3193);
// EXTERNAL MODULE: external "events"
var external_events_ = __nccwpck_require__(4434);
;// CONCATENATED MODULE: external "child_process"
const external_child_process_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("child_process");
// EXTERNAL MODULE: external "assert"
var external_assert_ = __nccwpck_require__(2613);
;// CONCATENATED MODULE: ./node_modules/@actions/io/lib/io-util.js
var io_util_awaiter = (undefined && undefined.__awaiter) || function (thisArg, _arguments, P, generator) {
    function adopt(value) { return value instanceof P ? value : new P(function (resolve) { resolve(value); }); }
    return new (P || (P = Promise))(function (resolve, reject) {
        function fulfilled(value) { try { step(generator.next(value)); } catch (e) { reject(e); } }
        function rejected(value) { try { step(generator["throw"](value)); } catch (e) { reject(e); } }
        function step(result) { result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected); }
        step((generator = generator.apply(thisArg, _arguments || [])).next());
    });
};


const { chmod, copyFile, lstat, mkdir, open: io_util_open, readdir, rename, rm, rmdir, stat, symlink, unlink } = external_fs_.promises;
// export const {open} = 'fs'
const IS_WINDOWS = process.platform === 'win32';
/**
 * Custom implementation of readlink to ensure Windows junctions
 * maintain trailing backslash for backward compatibility with Node.js < 24
 *
 * In Node.js 20, Windows junctions (directory symlinks) always returned paths
 * with trailing backslashes. Node.js 24 removed this behavior, which breaks
 * code that relied on this format for path operations.
 *
 * This implementation restores the Node 20 behavior by adding a trailing
 * backslash to all junction results on Windows.
 */
function readlink(fsPath) {
    return io_util_awaiter(this, void 0, void 0, function* () {
        const result = yield fs.promises.readlink(fsPath);
        // On Windows, restore Node 20 behavior: add trailing backslash to all results
        // since junctions on Windows are always directory links
        if (IS_WINDOWS && !result.endsWith('\\')) {
            return `${result}\\`;
        }
        return result;
    });
}
// See https://github.com/nodejs/node/blob/d0153aee367422d0858105abec186da4dff0a0c5/deps/uv/include/uv/win.h#L691
const UV_FS_O_EXLOCK = 0x10000000;
const READONLY = external_fs_.constants.O_RDONLY;
function exists(fsPath) {
    return io_util_awaiter(this, void 0, void 0, function* () {
        try {
            yield stat(fsPath);
        }
        catch (err) {
            if (err.code === 'ENOENT') {
                return false;
            }
            throw err;
        }
        return true;
    });
}
function isDirectory(fsPath_1) {
    return io_util_awaiter(this, arguments, void 0, function* (fsPath, useStat = false) {
        const stats = useStat ? yield stat(fsPath) : yield lstat(fsPath);
        return stats.isDirectory();
    });
}
/**
 * On OSX/Linux, true if path starts with '/'. On Windows, true for paths like:
 * \, \hello, \\hello\share, C:, and C:\hello (and corresponding alternate separator cases).
 */
function isRooted(p) {
    p = normalizeSeparators(p);
    if (!p) {
        throw new Error('isRooted() parameter "p" cannot be empty');
    }
    if (IS_WINDOWS) {
        return (p.startsWith('\\') || /^[A-Z]:/i.test(p) // e.g. \ or \hello or \\hello
        ); // e.g. C: or C:\hello
    }
    return p.startsWith('/');
}
/**
 * Best effort attempt to determine whether a file exists and is executable.
 * @param filePath    file path to check
 * @param extensions  additional file extensions to try
 * @return if file exists and is executable, returns the file path. otherwise empty string.
 */
function tryGetExecutablePath(filePath, extensions) {
    return io_util_awaiter(this, void 0, void 0, function* () {
        let stats = undefined;
        try {
            // test file exists
            stats = yield stat(filePath);
        }
        catch (err) {
            if (err.code !== 'ENOENT') {
                // eslint-disable-next-line no-console
                console.log(`Unexpected error attempting to determine if executable file exists '${filePath}': ${err}`);
            }
        }
        if (stats && stats.isFile()) {
            if (IS_WINDOWS) {
                // on Windows, test for valid extension
                const upperExt = external_path_namespaceObject.extname(filePath).toUpperCase();
                if (extensions.some(validExt => validExt.toUpperCase() === upperExt)) {
                    return filePath;
                }
            }
            else {
                if (isUnixExecutable(stats)) {
                    return filePath;
                }
            }
        }
        // try each extension
        const originalFilePath = filePath;
        for (const extension of extensions) {
            filePath = originalFilePath + extension;
            stats = undefined;
            try {
                stats = yield stat(filePath);
            }
            catch (err) {
                if (err.code !== 'ENOENT') {
                    // eslint-disable-next-line no-console
                    console.log(`Unexpected error attempting to determine if executable file exists '${filePath}': ${err}`);
                }
            }
            if (stats && stats.isFile()) {
                if (IS_WINDOWS) {
                    // preserve the case of the actual file (since an extension was appended)
                    try {
                        const directory = external_path_namespaceObject.dirname(filePath);
                        const upperName = external_path_namespaceObject.basename(filePath).toUpperCase();
                        for (const actualName of yield readdir(directory)) {
                            if (upperName === actualName.toUpperCase()) {
                                filePath = external_path_namespaceObject.join(directory, actualName);
                                break;
                            }
                        }
                    }
                    catch (err) {
                        // eslint-disable-next-line no-console
                        console.log(`Unexpected error attempting to determine the actual case of the file '${filePath}': ${err}`);
                    }
                    return filePath;
                }
                else {
                    if (isUnixExecutable(stats)) {
                        return filePath;
                    }
                }
            }
        }
        return '';
    });
}
function normalizeSeparators(p) {
    p = p || '';
    if (IS_WINDOWS) {
        // convert slashes on Windows
        p = p.replace(/\//g, '\\');
        // remove redundant slashes
        return p.replace(/\\\\+/g, '\\');
    }
    // remove redundant slashes
    return p.replace(/\/\/+/g, '/');
}
// on Mac/Linux, test the execute bit
//     R   W  X  R  W X R W X
//   256 128 64 32 16 8 4 2 1
function isUnixExecutable(stats) {
    return ((stats.mode & 1) > 0 ||
        ((stats.mode & 8) > 0 &&
            process.getgid !== undefined &&
            stats.gid === process.getgid()) ||
        ((stats.mode & 64) > 0 &&
            process.getuid !== undefined &&
            stats.uid === process.getuid()));
}
// Get the path of cmd.exe in windows
function getCmdPath() {
    var _a;
    return (_a = process.env['COMSPEC']) !== null && _a !== void 0 ? _a : `cmd.exe`;
}
//# sourceMappingURL=io-util.js.map
;// CONCATENATED MODULE: ./node_modules/@actions/io/lib/io.js
var io_awaiter = (undefined && undefined.__awaiter) || function (thisArg, _arguments, P, generator) {
    function adopt(value) { return value instanceof P ? value : new P(function (resolve) { resolve(value); }); }
    return new (P || (P = Promise))(function (resolve, reject) {
        function fulfilled(value) { try { step(generator.next(value)); } catch (e) { reject(e); } }
        function rejected(value) { try { step(generator["throw"](value)); } catch (e) { reject(e); } }
        function step(result) { result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected); }
        step((generator = generator.apply(thisArg, _arguments || [])).next());
    });
};



/**
 * Copies a file or folder.
 * Based off of shelljs - https://github.com/shelljs/shelljs/blob/9237f66c52e5daa40458f94f9565e18e8132f5a6/src/cp.js
 *
 * @param     source    source path
 * @param     dest      destination path
 * @param     options   optional. See CopyOptions.
 */
function cp(source_1, dest_1) {
    return io_awaiter(this, arguments, void 0, function* (source, dest, options = {}) {
        const { force, recursive, copySourceDirectory } = readCopyOptions(options);
        const destStat = (yield ioUtil.exists(dest)) ? yield ioUtil.stat(dest) : null;
        // Dest is an existing file, but not forcing
        if (destStat && destStat.isFile() && !force) {
            return;
        }
        // If dest is an existing directory, should copy inside.
        const newDest = destStat && destStat.isDirectory() && copySourceDirectory
            ? path.join(dest, path.basename(source))
            : dest;
        if (!(yield ioUtil.exists(source))) {
            throw new Error(`no such file or directory: ${source}`);
        }
        const sourceStat = yield ioUtil.stat(source);
        if (sourceStat.isDirectory()) {
            if (!recursive) {
                throw new Error(`Failed to copy. ${source} is a directory, but tried to copy without recursive flag.`);
            }
            else {
                yield cpDirRecursive(source, newDest, 0, force);
            }
        }
        else {
            if (path.relative(source, newDest) === '') {
                // a file cannot be copied to itself
                throw new Error(`'${newDest}' and '${source}' are the same file`);
            }
            yield io_copyFile(source, newDest, force);
        }
    });
}
/**
 * Moves a path.
 *
 * @param     source    source path
 * @param     dest      destination path
 * @param     options   optional. See MoveOptions.
 */
function mv(source_1, dest_1) {
    return io_awaiter(this, arguments, void 0, function* (source, dest, options = {}) {
        if (yield ioUtil.exists(dest)) {
            let destExists = true;
            if (yield ioUtil.isDirectory(dest)) {
                // If dest is directory copy src into dest
                dest = path.join(dest, path.basename(source));
                destExists = yield ioUtil.exists(dest);
            }
            if (destExists) {
                if (options.force == null || options.force) {
                    yield rmRF(dest);
                }
                else {
                    throw new Error('Destination already exists');
                }
            }
        }
        yield mkdirP(path.dirname(dest));
        yield ioUtil.rename(source, dest);
    });
}
/**
 * Remove a path recursively with force
 *
 * @param inputPath path to remove
 */
function rmRF(inputPath) {
    return io_awaiter(this, void 0, void 0, function* () {
        if (ioUtil.IS_WINDOWS) {
            // Check for invalid characters
            // https://docs.microsoft.com/en-us/windows/win32/fileio/naming-a-file
            if (/[*"<>|]/.test(inputPath)) {
                throw new Error('File path must not contain `*`, `"`, `<`, `>` or `|` on Windows');
            }
        }
        try {
            // note if path does not exist, error is silent
            yield ioUtil.rm(inputPath, {
                force: true,
                maxRetries: 3,
                recursive: true,
                retryDelay: 300
            });
        }
        catch (err) {
            throw new Error(`File was unable to be removed ${err}`);
        }
    });
}
/**
 * Make a directory.  Creates the full path with folders in between
 * Will throw if it fails
 *
 * @param   fsPath        path to create
 * @returns Promise<void>
 */
function mkdirP(fsPath) {
    return io_awaiter(this, void 0, void 0, function* () {
        ok(fsPath, 'a path argument must be provided');
        yield ioUtil.mkdir(fsPath, { recursive: true });
    });
}
/**
 * Returns path of a tool had the tool actually been invoked.  Resolves via paths.
 * If you check and the tool does not exist, it will throw.
 *
 * @param     tool              name of the tool
 * @param     check             whether to check if tool exists
 * @returns   Promise<string>   path to tool
 */
function which(tool, check) {
    return io_awaiter(this, void 0, void 0, function* () {
        if (!tool) {
            throw new Error("parameter 'tool' is required");
        }
        // recursive when check=true
        if (check) {
            const result = yield which(tool, false);
            if (!result) {
                if (IS_WINDOWS) {
                    throw new Error(`Unable to locate executable file: ${tool}. Please verify either the file path exists or the file can be found within a directory specified by the PATH environment variable. Also verify the file has a valid extension for an executable file.`);
                }
                else {
                    throw new Error(`Unable to locate executable file: ${tool}. Please verify either the file path exists or the file can be found within a directory specified by the PATH environment variable. Also check the file mode to verify the file is executable.`);
                }
            }
            return result;
        }
        const matches = yield findInPath(tool);
        if (matches && matches.length > 0) {
            return matches[0];
        }
        return '';
    });
}
/**
 * Returns a list of all occurrences of the given tool on the system path.
 *
 * @returns   Promise<string[]>  the paths of the tool
 */
function findInPath(tool) {
    return io_awaiter(this, void 0, void 0, function* () {
        if (!tool) {
            throw new Error("parameter 'tool' is required");
        }
        // build the list of extensions to try
        const extensions = [];
        if (IS_WINDOWS && process.env['PATHEXT']) {
            for (const extension of process.env['PATHEXT'].split(external_path_namespaceObject.delimiter)) {
                if (extension) {
                    extensions.push(extension);
                }
            }
        }
        // if it's rooted, return it if exists. otherwise return empty.
        if (isRooted(tool)) {
            const filePath = yield tryGetExecutablePath(tool, extensions);
            if (filePath) {
                return [filePath];
            }
            return [];
        }
        // if any path separators, return empty
        if (tool.includes(external_path_namespaceObject.sep)) {
            return [];
        }
        // build the list of directories
        //
        // Note, technically "where" checks the current directory on Windows. From a toolkit perspective,
        // it feels like we should not do this. Checking the current directory seems like more of a use
        // case of a shell, and the which() function exposed by the toolkit should strive for consistency
        // across platforms.
        const directories = [];
        if (process.env.PATH) {
            for (const p of process.env.PATH.split(external_path_namespaceObject.delimiter)) {
                if (p) {
                    directories.push(p);
                }
            }
        }
        // find all matches
        const matches = [];
        for (const directory of directories) {
            const filePath = yield tryGetExecutablePath(external_path_namespaceObject.join(directory, tool), extensions);
            if (filePath) {
                matches.push(filePath);
            }
        }
        return matches;
    });
}
function readCopyOptions(options) {
    const force = options.force == null ? true : options.force;
    const recursive = Boolean(options.recursive);
    const copySourceDirectory = options.copySourceDirectory == null
        ? true
        : Boolean(options.copySourceDirectory);
    return { force, recursive, copySourceDirectory };
}
function cpDirRecursive(sourceDir, destDir, currentDepth, force) {
    return io_awaiter(this, void 0, void 0, function* () {
        // Ensure there is not a run away recursive copy
        if (currentDepth >= 255)
            return;
        currentDepth++;
        yield mkdirP(destDir);
        const files = yield ioUtil.readdir(sourceDir);
        for (const fileName of files) {
            const srcFile = `${sourceDir}/${fileName}`;
            const destFile = `${destDir}/${fileName}`;
            const srcFileStat = yield ioUtil.lstat(srcFile);
            if (srcFileStat.isDirectory()) {
                // Recurse
                yield cpDirRecursive(srcFile, destFile, currentDepth, force);
            }
            else {
                yield io_copyFile(srcFile, destFile, force);
            }
        }
        // Change the mode for the newly created directory
        yield ioUtil.chmod(destDir, (yield ioUtil.stat(sourceDir)).mode);
    });
}
// Buffered file copy
function io_copyFile(srcFile, destFile, force) {
    return io_awaiter(this, void 0, void 0, function* () {
        if ((yield ioUtil.lstat(srcFile)).isSymbolicLink()) {
            // unlink/re-link it
            try {
                yield ioUtil.lstat(destFile);
                yield ioUtil.unlink(destFile);
            }
            catch (e) {
                // Try to override file permission
                if (e.code === 'EPERM') {
                    yield ioUtil.chmod(destFile, '0666');
                    yield ioUtil.unlink(destFile);
                }
                // other errors = it doesn't exist, no work to do
            }
            // Copy over symlink
            const symlinkFull = yield ioUtil.readlink(srcFile);
            yield ioUtil.symlink(symlinkFull, destFile, ioUtil.IS_WINDOWS ? 'junction' : null);
        }
        else if (!(yield ioUtil.exists(destFile)) || force) {
            yield ioUtil.copyFile(srcFile, destFile);
        }
    });
}
//# sourceMappingURL=io.js.map
;// CONCATENATED MODULE: external "timers"
const external_timers_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("timers");
;// CONCATENATED MODULE: ./node_modules/@actions/exec/lib/toolrunner.js
var toolrunner_awaiter = (undefined && undefined.__awaiter) || function (thisArg, _arguments, P, generator) {
    function adopt(value) { return value instanceof P ? value : new P(function (resolve) { resolve(value); }); }
    return new (P || (P = Promise))(function (resolve, reject) {
        function fulfilled(value) { try { step(generator.next(value)); } catch (e) { reject(e); } }
        function rejected(value) { try { step(generator["throw"](value)); } catch (e) { reject(e); } }
        function step(result) { result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected); }
        step((generator = generator.apply(thisArg, _arguments || [])).next());
    });
};







/* eslint-disable @typescript-eslint/unbound-method */
const toolrunner_IS_WINDOWS = process.platform === 'win32';
/*
 * Class for running command line tools. Handles quoting and arg parsing in a platform agnostic way.
 */
class ToolRunner extends external_events_.EventEmitter {
    constructor(toolPath, args, options) {
        super();
        if (!toolPath) {
            throw new Error("Parameter 'toolPath' cannot be null or empty.");
        }
        this.toolPath = toolPath;
        this.args = args || [];
        this.options = options || {};
    }
    _debug(message) {
        if (this.options.listeners && this.options.listeners.debug) {
            this.options.listeners.debug(message);
        }
    }
    _getCommandString(options, noPrefix) {
        const toolPath = this._getSpawnFileName();
        const args = this._getSpawnArgs(options);
        let cmd = noPrefix ? '' : '[command]'; // omit prefix when piped to a second tool
        if (toolrunner_IS_WINDOWS) {
            // Windows + cmd file
            if (this._isCmdFile()) {
                cmd += toolPath;
                for (const a of args) {
                    cmd += ` ${a}`;
                }
            }
            // Windows + verbatim
            else if (options.windowsVerbatimArguments) {
                cmd += `"${toolPath}"`;
                for (const a of args) {
                    cmd += ` ${a}`;
                }
            }
            // Windows (regular)
            else {
                cmd += this._windowsQuoteCmdArg(toolPath);
                for (const a of args) {
                    cmd += ` ${this._windowsQuoteCmdArg(a)}`;
                }
            }
        }
        else {
            // OSX/Linux - this can likely be improved with some form of quoting.
            // creating processes on Unix is fundamentally different than Windows.
            // on Unix, execvp() takes an arg array.
            cmd += toolPath;
            for (const a of args) {
                cmd += ` ${a}`;
            }
        }
        return cmd;
    }
    _processLineBuffer(data, strBuffer, onLine) {
        try {
            let s = strBuffer + data.toString();
            let n = s.indexOf(external_os_.EOL);
            while (n > -1) {
                const line = s.substring(0, n);
                onLine(line);
                // the rest of the string ...
                s = s.substring(n + external_os_.EOL.length);
                n = s.indexOf(external_os_.EOL);
            }
            return s;
        }
        catch (err) {
            // streaming lines to console is best effort.  Don't fail a build.
            this._debug(`error processing line. Failed with error ${err}`);
            return '';
        }
    }
    _getSpawnFileName() {
        if (toolrunner_IS_WINDOWS) {
            if (this._isCmdFile()) {
                return process.env['COMSPEC'] || 'cmd.exe';
            }
        }
        return this.toolPath;
    }
    _getSpawnArgs(options) {
        if (toolrunner_IS_WINDOWS) {
            if (this._isCmdFile()) {
                let argline = `/D /S /C "${this._windowsQuoteCmdArg(this.toolPath)}`;
                for (const a of this.args) {
                    argline += ' ';
                    argline += options.windowsVerbatimArguments
                        ? a
                        : this._windowsQuoteCmdArg(a);
                }
                argline += '"';
                return [argline];
            }
        }
        return this.args;
    }
    _endsWith(str, end) {
        return str.endsWith(end);
    }
    _isCmdFile() {
        const upperToolPath = this.toolPath.toUpperCase();
        return (this._endsWith(upperToolPath, '.CMD') ||
            this._endsWith(upperToolPath, '.BAT'));
    }
    _windowsQuoteCmdArg(arg) {
        // for .exe, apply the normal quoting rules that libuv applies
        if (!this._isCmdFile()) {
            return this._uvQuoteCmdArg(arg);
        }
        // otherwise apply quoting rules specific to the cmd.exe command line parser.
        // the libuv rules are generic and are not designed specifically for cmd.exe
        // command line parser.
        //
        // for a detailed description of the cmd.exe command line parser, refer to
        // http://stackoverflow.com/questions/4094699/how-does-the-windows-command-interpreter-cmd-exe-parse-scripts/7970912#7970912
        // need quotes for empty arg
        if (!arg) {
            return '""';
        }
        // determine whether the arg needs to be quoted
        const cmdSpecialChars = [
            ' ',
            '\t',
            '&',
            '(',
            ')',
            '[',
            ']',
            '{',
            '}',
            '^',
            '=',
            ';',
            '!',
            "'",
            '+',
            ',',
            '`',
            '~',
            '|',
            '<',
            '>',
            '"'
        ];
        let needsQuotes = false;
        for (const char of arg) {
            if (cmdSpecialChars.some(x => x === char)) {
                needsQuotes = true;
                break;
            }
        }
        // short-circuit if quotes not needed
        if (!needsQuotes) {
            return arg;
        }
        // the following quoting rules are very similar to the rules that by libuv applies.
        //
        // 1) wrap the string in quotes
        //
        // 2) double-up quotes - i.e. " => ""
        //
        //    this is different from the libuv quoting rules. libuv replaces " with \", which unfortunately
        //    doesn't work well with a cmd.exe command line.
        //
        //    note, replacing " with "" also works well if the arg is passed to a downstream .NET console app.
        //    for example, the command line:
        //          foo.exe "myarg:""my val"""
        //    is parsed by a .NET console app into an arg array:
        //          [ "myarg:\"my val\"" ]
        //    which is the same end result when applying libuv quoting rules. although the actual
        //    command line from libuv quoting rules would look like:
        //          foo.exe "myarg:\"my val\""
        //
        // 3) double-up slashes that precede a quote,
        //    e.g.  hello \world    => "hello \world"
        //          hello\"world    => "hello\\""world"
        //          hello\\"world   => "hello\\\\""world"
        //          hello world\    => "hello world\\"
        //
        //    technically this is not required for a cmd.exe command line, or the batch argument parser.
        //    the reasons for including this as a .cmd quoting rule are:
        //
        //    a) this is optimized for the scenario where the argument is passed from the .cmd file to an
        //       external program. many programs (e.g. .NET console apps) rely on the slash-doubling rule.
        //
        //    b) it's what we've been doing previously (by deferring to node default behavior) and we
        //       haven't heard any complaints about that aspect.
        //
        // note, a weakness of the quoting rules chosen here, is that % is not escaped. in fact, % cannot be
        // escaped when used on the command line directly - even though within a .cmd file % can be escaped
        // by using %%.
        //
        // the saving grace is, on the command line, %var% is left as-is if var is not defined. this contrasts
        // the line parsing rules within a .cmd file, where if var is not defined it is replaced with nothing.
        //
        // one option that was explored was replacing % with ^% - i.e. %var% => ^%var^%. this hack would
        // often work, since it is unlikely that var^ would exist, and the ^ character is removed when the
        // variable is used. the problem, however, is that ^ is not removed when %* is used to pass the args
        // to an external program.
        //
        // an unexplored potential solution for the % escaping problem, is to create a wrapper .cmd file.
        // % can be escaped within a .cmd file.
        let reverse = '"';
        let quoteHit = true;
        for (let i = arg.length; i > 0; i--) {
            // walk the string in reverse
            reverse += arg[i - 1];
            if (quoteHit && arg[i - 1] === '\\') {
                reverse += '\\'; // double the slash
            }
            else if (arg[i - 1] === '"') {
                quoteHit = true;
                reverse += '"'; // double the quote
            }
            else {
                quoteHit = false;
            }
        }
        reverse += '"';
        return reverse.split('').reverse().join('');
    }
    _uvQuoteCmdArg(arg) {
        // Tool runner wraps child_process.spawn() and needs to apply the same quoting as
        // Node in certain cases where the undocumented spawn option windowsVerbatimArguments
        // is used.
        //
        // Since this function is a port of quote_cmd_arg from Node 4.x (technically, lib UV,
        // see https://github.com/nodejs/node/blob/v4.x/deps/uv/src/win/process.c for details),
        // pasting copyright notice from Node within this function:
        //
        //      Copyright Joyent, Inc. and other Node contributors. All rights reserved.
        //
        //      Permission is hereby granted, free of charge, to any person obtaining a copy
        //      of this software and associated documentation files (the "Software"), to
        //      deal in the Software without restriction, including without limitation the
        //      rights to use, copy, modify, merge, publish, distribute, sublicense, and/or
        //      sell copies of the Software, and to permit persons to whom the Software is
        //      furnished to do so, subject to the following conditions:
        //
        //      The above copyright notice and this permission notice shall be included in
        //      all copies or substantial portions of the Software.
        //
        //      THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
        //      IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
        //      FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
        //      AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
        //      LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING
        //      FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS
        //      IN THE SOFTWARE.
        if (!arg) {
            // Need double quotation for empty argument
            return '""';
        }
        if (!arg.includes(' ') && !arg.includes('\t') && !arg.includes('"')) {
            // No quotation needed
            return arg;
        }
        if (!arg.includes('"') && !arg.includes('\\')) {
            // No embedded double quotes or backslashes, so I can just wrap
            // quote marks around the whole thing.
            return `"${arg}"`;
        }
        // Expected input/output:
        //   input : hello"world
        //   output: "hello\"world"
        //   input : hello""world
        //   output: "hello\"\"world"
        //   input : hello\world
        //   output: hello\world
        //   input : hello\\world
        //   output: hello\\world
        //   input : hello\"world
        //   output: "hello\\\"world"
        //   input : hello\\"world
        //   output: "hello\\\\\"world"
        //   input : hello world\
        //   output: "hello world\\" - note the comment in libuv actually reads "hello world\"
        //                             but it appears the comment is wrong, it should be "hello world\\"
        let reverse = '"';
        let quoteHit = true;
        for (let i = arg.length; i > 0; i--) {
            // walk the string in reverse
            reverse += arg[i - 1];
            if (quoteHit && arg[i - 1] === '\\') {
                reverse += '\\';
            }
            else if (arg[i - 1] === '"') {
                quoteHit = true;
                reverse += '\\';
            }
            else {
                quoteHit = false;
            }
        }
        reverse += '"';
        return reverse.split('').reverse().join('');
    }
    _cloneExecOptions(options) {
        options = options || {};
        const result = {
            cwd: options.cwd || process.cwd(),
            env: options.env || process.env,
            silent: options.silent || false,
            windowsVerbatimArguments: options.windowsVerbatimArguments || false,
            failOnStdErr: options.failOnStdErr || false,
            ignoreReturnCode: options.ignoreReturnCode || false,
            delay: options.delay || 10000
        };
        result.outStream = options.outStream || process.stdout;
        result.errStream = options.errStream || process.stderr;
        return result;
    }
    _getSpawnOptions(options, toolPath) {
        options = options || {};
        const result = {};
        result.cwd = options.cwd;
        result.env = options.env;
        result['windowsVerbatimArguments'] =
            options.windowsVerbatimArguments || this._isCmdFile();
        if (options.windowsVerbatimArguments) {
            result.argv0 = `"${toolPath}"`;
        }
        return result;
    }
    /**
     * Exec a tool.
     * Output will be streamed to the live console.
     * Returns promise with return code
     *
     * @param     tool     path to tool to exec
     * @param     options  optional exec options.  See ExecOptions
     * @returns   number
     */
    exec() {
        return toolrunner_awaiter(this, void 0, void 0, function* () {
            // root the tool path if it is unrooted and contains relative pathing
            if (!isRooted(this.toolPath) &&
                (this.toolPath.includes('/') ||
                    (toolrunner_IS_WINDOWS && this.toolPath.includes('\\')))) {
                // prefer options.cwd if it is specified, however options.cwd may also need to be rooted
                this.toolPath = external_path_namespaceObject.resolve(process.cwd(), this.options.cwd || process.cwd(), this.toolPath);
            }
            // if the tool is only a file name, then resolve it from the PATH
            // otherwise verify it exists (add extension on Windows if necessary)
            this.toolPath = yield which(this.toolPath, true);
            return new Promise((resolve, reject) => toolrunner_awaiter(this, void 0, void 0, function* () {
                this._debug(`exec tool: ${this.toolPath}`);
                this._debug('arguments:');
                for (const arg of this.args) {
                    this._debug(`   ${arg}`);
                }
                const optionsNonNull = this._cloneExecOptions(this.options);
                if (!optionsNonNull.silent && optionsNonNull.outStream) {
                    optionsNonNull.outStream.write(this._getCommandString(optionsNonNull) + external_os_.EOL);
                }
                const state = new ExecState(optionsNonNull, this.toolPath);
                state.on('debug', (message) => {
                    this._debug(message);
                });
                if (this.options.cwd && !(yield exists(this.options.cwd))) {
                    return reject(new Error(`The cwd: ${this.options.cwd} does not exist!`));
                }
                const fileName = this._getSpawnFileName();
                const cp = external_child_process_namespaceObject.spawn(fileName, this._getSpawnArgs(optionsNonNull), this._getSpawnOptions(this.options, fileName));
                let stdbuffer = '';
                if (cp.stdout) {
                    cp.stdout.on('data', (data) => {
                        if (this.options.listeners && this.options.listeners.stdout) {
                            this.options.listeners.stdout(data);
                        }
                        if (!optionsNonNull.silent && optionsNonNull.outStream) {
                            optionsNonNull.outStream.write(data);
                        }
                        stdbuffer = this._processLineBuffer(data, stdbuffer, (line) => {
                            if (this.options.listeners && this.options.listeners.stdline) {
                                this.options.listeners.stdline(line);
                            }
                        });
                    });
                }
                let errbuffer = '';
                if (cp.stderr) {
                    cp.stderr.on('data', (data) => {
                        state.processStderr = true;
                        if (this.options.listeners && this.options.listeners.stderr) {
                            this.options.listeners.stderr(data);
                        }
                        if (!optionsNonNull.silent &&
                            optionsNonNull.errStream &&
                            optionsNonNull.outStream) {
                            const s = optionsNonNull.failOnStdErr
                                ? optionsNonNull.errStream
                                : optionsNonNull.outStream;
                            s.write(data);
                        }
                        errbuffer = this._processLineBuffer(data, errbuffer, (line) => {
                            if (this.options.listeners && this.options.listeners.errline) {
                                this.options.listeners.errline(line);
                            }
                        });
                    });
                }
                cp.on('error', (err) => {
                    state.processError = err.message;
                    state.processExited = true;
                    state.processClosed = true;
                    state.CheckComplete();
                });
                cp.on('exit', (code) => {
                    state.processExitCode = code;
                    state.processExited = true;
                    this._debug(`Exit code ${code} received from tool '${this.toolPath}'`);
                    state.CheckComplete();
                });
                cp.on('close', (code) => {
                    state.processExitCode = code;
                    state.processExited = true;
                    state.processClosed = true;
                    this._debug(`STDIO streams have closed for tool '${this.toolPath}'`);
                    state.CheckComplete();
                });
                state.on('done', (error, exitCode) => {
                    if (stdbuffer.length > 0) {
                        this.emit('stdline', stdbuffer);
                    }
                    if (errbuffer.length > 0) {
                        this.emit('errline', errbuffer);
                    }
                    cp.removeAllListeners();
                    if (error) {
                        reject(error);
                    }
                    else {
                        resolve(exitCode);
                    }
                });
                if (this.options.input) {
                    if (!cp.stdin) {
                        throw new Error('child process missing stdin');
                    }
                    cp.stdin.end(this.options.input);
                }
            }));
        });
    }
}
/**
 * Convert an arg string to an array of args. Handles escaping
 *
 * @param    argString   string of arguments
 * @returns  string[]    array of arguments
 */
function argStringToArray(argString) {
    const args = [];
    let inQuotes = false;
    let escaped = false;
    let arg = '';
    function append(c) {
        // we only escape double quotes.
        if (escaped && c !== '"') {
            arg += '\\';
        }
        arg += c;
        escaped = false;
    }
    for (let i = 0; i < argString.length; i++) {
        const c = argString.charAt(i);
        if (c === '"') {
            if (!escaped) {
                inQuotes = !inQuotes;
            }
            else {
                append(c);
            }
            continue;
        }
        if (c === '\\' && escaped) {
            append(c);
            continue;
        }
        if (c === '\\' && inQuotes) {
            escaped = true;
            continue;
        }
        if (c === ' ' && !inQuotes) {
            if (arg.length > 0) {
                args.push(arg);
                arg = '';
            }
            continue;
        }
        append(c);
    }
    if (arg.length > 0) {
        args.push(arg.trim());
    }
    return args;
}
class ExecState extends external_events_.EventEmitter {
    constructor(options, toolPath) {
        super();
        this.processClosed = false; // tracks whether the process has exited and stdio is closed
        this.processError = '';
        this.processExitCode = 0;
        this.processExited = false; // tracks whether the process has exited
        this.processStderr = false; // tracks whether stderr was written to
        this.delay = 10000; // 10 seconds
        this.done = false;
        this.timeout = null;
        if (!toolPath) {
            throw new Error('toolPath must not be empty');
        }
        this.options = options;
        this.toolPath = toolPath;
        if (options.delay) {
            this.delay = options.delay;
        }
    }
    CheckComplete() {
        if (this.done) {
            return;
        }
        if (this.processClosed) {
            this._setResult();
        }
        else if (this.processExited) {
            this.timeout = (0,external_timers_namespaceObject.setTimeout)(ExecState.HandleTimeout, this.delay, this);
        }
    }
    _debug(message) {
        this.emit('debug', message);
    }
    _setResult() {
        // determine whether there is an error
        let error;
        if (this.processExited) {
            if (this.processError) {
                error = new Error(`There was an error when attempting to execute the process '${this.toolPath}'. This may indicate the process failed to start. Error: ${this.processError}`);
            }
            else if (this.processExitCode !== 0 && !this.options.ignoreReturnCode) {
                error = new Error(`The process '${this.toolPath}' failed with exit code ${this.processExitCode}`);
            }
            else if (this.processStderr && this.options.failOnStdErr) {
                error = new Error(`The process '${this.toolPath}' failed because one or more lines were written to the STDERR stream`);
            }
        }
        // clear the timeout
        if (this.timeout) {
            clearTimeout(this.timeout);
            this.timeout = null;
        }
        this.done = true;
        this.emit('done', error, this.processExitCode);
    }
    static HandleTimeout(state) {
        if (state.done) {
            return;
        }
        if (!state.processClosed && state.processExited) {
            const message = `The STDIO streams did not close within ${state.delay / 1000} seconds of the exit event from process '${state.toolPath}'. This may indicate a child process inherited the STDIO streams and has not yet exited.`;
            state._debug(message);
        }
        state._setResult();
    }
}
//# sourceMappingURL=toolrunner.js.map
;// CONCATENATED MODULE: ./node_modules/@actions/exec/lib/exec.js
var exec_awaiter = (undefined && undefined.__awaiter) || function (thisArg, _arguments, P, generator) {
    function adopt(value) { return value instanceof P ? value : new P(function (resolve) { resolve(value); }); }
    return new (P || (P = Promise))(function (resolve, reject) {
        function fulfilled(value) { try { step(generator.next(value)); } catch (e) { reject(e); } }
        function rejected(value) { try { step(generator["throw"](value)); } catch (e) { reject(e); } }
        function step(result) { result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected); }
        step((generator = generator.apply(thisArg, _arguments || [])).next());
    });
};


/**
 * Exec a command.
 * Output will be streamed to the live console.
 * Returns promise with return code
 *
 * @param     commandLine        command to execute (can include additional args). Must be correctly escaped.
 * @param     args               optional arguments for tool. Escaping is handled by the lib.
 * @param     options            optional exec options.  See ExecOptions
 * @returns   Promise<number>    exit code
 */
function exec_exec(commandLine, args, options) {
    return exec_awaiter(this, void 0, void 0, function* () {
        const commandArgs = tr.argStringToArray(commandLine);
        if (commandArgs.length === 0) {
            throw new Error(`Parameter 'commandLine' cannot be null or empty.`);
        }
        // Path to tool to execute should be first arg
        const toolPath = commandArgs[0];
        args = commandArgs.slice(1).concat(args || []);
        const runner = new tr.ToolRunner(toolPath, args, options);
        return runner.exec();
    });
}
/**
 * Exec a command and get the output.
 * Output will be streamed to the live console.
 * Returns promise with the exit code and collected stdout and stderr
 *
 * @param     commandLine           command to execute (can include additional args). Must be correctly escaped.
 * @param     args                  optional arguments for tool. Escaping is handled by the lib.
 * @param     options               optional exec options.  See ExecOptions
 * @returns   Promise<ExecOutput>   exit code, stdout, and stderr
 */
function getExecOutput(commandLine, args, options) {
    return exec_awaiter(this, void 0, void 0, function* () {
        var _a, _b;
        let stdout = '';
        let stderr = '';
        //Using string decoder covers the case where a mult-byte character is split
        const stdoutDecoder = new StringDecoder('utf8');
        const stderrDecoder = new StringDecoder('utf8');
        const originalStdoutListener = (_a = options === null || options === void 0 ? void 0 : options.listeners) === null || _a === void 0 ? void 0 : _a.stdout;
        const originalStdErrListener = (_b = options === null || options === void 0 ? void 0 : options.listeners) === null || _b === void 0 ? void 0 : _b.stderr;
        const stdErrListener = (data) => {
            stderr += stderrDecoder.write(data);
            if (originalStdErrListener) {
                originalStdErrListener(data);
            }
        };
        const stdOutListener = (data) => {
            stdout += stdoutDecoder.write(data);
            if (originalStdoutListener) {
                originalStdoutListener(data);
            }
        };
        const listeners = Object.assign(Object.assign({}, options === null || options === void 0 ? void 0 : options.listeners), { stdout: stdOutListener, stderr: stdErrListener });
        const exitCode = yield exec_exec(commandLine, args, Object.assign(Object.assign({}, options), { listeners }));
        //flush any remaining characters
        stdout += stdoutDecoder.end();
        stderr += stderrDecoder.end();
        return {
            exitCode,
            stdout,
            stderr
        };
    });
}
//# sourceMappingURL=exec.js.map
;// CONCATENATED MODULE: ./node_modules/@actions/core/lib/platform.js
var platform_awaiter = (undefined && undefined.__awaiter) || function (thisArg, _arguments, P, generator) {
    function adopt(value) { return value instanceof P ? value : new P(function (resolve) { resolve(value); }); }
    return new (P || (P = Promise))(function (resolve, reject) {
        function fulfilled(value) { try { step(generator.next(value)); } catch (e) { reject(e); } }
        function rejected(value) { try { step(generator["throw"](value)); } catch (e) { reject(e); } }
        function step(result) { result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected); }
        step((generator = generator.apply(thisArg, _arguments || [])).next());
    });
};


const getWindowsInfo = () => platform_awaiter(void 0, void 0, void 0, function* () {
    const { stdout: version } = yield exec.getExecOutput('powershell -command "(Get-CimInstance -ClassName Win32_OperatingSystem).Version"', undefined, {
        silent: true
    });
    const { stdout: name } = yield exec.getExecOutput('powershell -command "(Get-CimInstance -ClassName Win32_OperatingSystem).Caption"', undefined, {
        silent: true
    });
    return {
        name: name.trim(),
        version: version.trim()
    };
});
const getMacOsInfo = () => platform_awaiter(void 0, void 0, void 0, function* () {
    var _a, _b, _c, _d;
    const { stdout } = yield exec.getExecOutput('sw_vers', undefined, {
        silent: true
    });
    const version = (_b = (_a = stdout.match(/ProductVersion:\s*(.+)/)) === null || _a === void 0 ? void 0 : _a[1]) !== null && _b !== void 0 ? _b : '';
    const name = (_d = (_c = stdout.match(/ProductName:\s*(.+)/)) === null || _c === void 0 ? void 0 : _c[1]) !== null && _d !== void 0 ? _d : '';
    return {
        name,
        version
    };
});
const getLinuxInfo = () => platform_awaiter(void 0, void 0, void 0, function* () {
    const { stdout } = yield exec.getExecOutput('lsb_release', ['-i', '-r', '-s'], {
        silent: true
    });
    const [name, version] = stdout.trim().split('\n');
    return {
        name,
        version
    };
});
const platform = external_os_.platform();
const arch = external_os_.arch();
const isWindows = platform === 'win32';
const isMacOS = platform === 'darwin';
const isLinux = platform === 'linux';
function getDetails() {
    return platform_awaiter(this, void 0, void 0, function* () {
        return Object.assign(Object.assign({}, (yield (isWindows
            ? getWindowsInfo()
            : isMacOS
                ? getMacOsInfo()
                : getLinuxInfo()))), { platform,
            arch,
            isWindows,
            isMacOS,
            isLinux });
    });
}
//# sourceMappingURL=platform.js.map
;// CONCATENATED MODULE: ./node_modules/@actions/core/lib/core.js
var core_awaiter = (undefined && undefined.__awaiter) || function (thisArg, _arguments, P, generator) {
    function adopt(value) { return value instanceof P ? value : new P(function (resolve) { resolve(value); }); }
    return new (P || (P = Promise))(function (resolve, reject) {
        function fulfilled(value) { try { step(generator.next(value)); } catch (e) { reject(e); } }
        function rejected(value) { try { step(generator["throw"](value)); } catch (e) { reject(e); } }
        function step(result) { result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected); }
        step((generator = generator.apply(thisArg, _arguments || [])).next());
    });
};






/**
 * The code to exit an action
 */
var ExitCode;
(function (ExitCode) {
    /**
     * A code indicating that the action was successful
     */
    ExitCode[ExitCode["Success"] = 0] = "Success";
    /**
     * A code indicating that the action was a failure
     */
    ExitCode[ExitCode["Failure"] = 1] = "Failure";
})(ExitCode || (ExitCode = {}));
//-----------------------------------------------------------------------
// Variables
//-----------------------------------------------------------------------
/**
 * Sets env variable for this action and future actions in the job
 * @param name the name of the variable to set
 * @param val the value of the variable. Non-string values will be converted to a string via JSON.stringify
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
function exportVariable(name, val) {
    const convertedVal = toCommandValue(val);
    process.env[name] = convertedVal;
    const filePath = process.env['GITHUB_ENV'] || '';
    if (filePath) {
        return issueFileCommand('ENV', prepareKeyValueMessage(name, val));
    }
    issueCommand('set-env', { name }, convertedVal);
}
/**
 * Registers a secret which will get masked from logs
 *
 * @param secret - Value of the secret to be masked
 * @remarks
 * This function instructs the Actions runner to mask the specified value in any
 * logs produced during the workflow run. Once registered, the secret value will
 * be replaced with asterisks (***) whenever it appears in console output, logs,
 * or error messages.
 *
 * This is useful for protecting sensitive information such as:
 * - API keys
 * - Access tokens
 * - Authentication credentials
 * - URL parameters containing signatures (SAS tokens)
 *
 * Note that masking only affects future logs; any previous appearances of the
 * secret in logs before calling this function will remain unmasked.
 *
 * @example
 * ```typescript
 * // Register an API token as a secret
 * const apiToken = "abc123xyz456";
 * setSecret(apiToken);
 *
 * // Now any logs containing this value will show *** instead
 * console.log(`Using token: ${apiToken}`); // Outputs: "Using token: ***"
 * ```
 */
function core_setSecret(secret) {
    command_issueCommand('add-mask', {}, secret);
}
/**
 * Prepends inputPath to the PATH (for this action and future actions)
 * @param inputPath
 */
function addPath(inputPath) {
    const filePath = process.env['GITHUB_PATH'] || '';
    if (filePath) {
        issueFileCommand('PATH', inputPath);
    }
    else {
        issueCommand('add-path', {}, inputPath);
    }
    process.env['PATH'] = `${inputPath}${path.delimiter}${process.env['PATH']}`;
}
/**
 * Gets the value of an input.
 * Unless trimWhitespace is set to false in InputOptions, the value is also trimmed.
 * Returns an empty string if the value is not defined.
 *
 * @param     name     name of the input to get
 * @param     options  optional. See InputOptions.
 * @returns   string
 */
function getInput(name, options) {
    const val = process.env[`INPUT_${name.replace(/ /g, '_').toUpperCase()}`] || '';
    if (options && options.required && !val) {
        throw new Error(`Input required and not supplied: ${name}`);
    }
    if (options && options.trimWhitespace === false) {
        return val;
    }
    return val.trim();
}
/**
 * Gets the values of an multiline input.  Each value is also trimmed.
 *
 * @param     name     name of the input to get
 * @param     options  optional. See InputOptions.
 * @returns   string[]
 *
 */
function getMultilineInput(name, options) {
    const inputs = getInput(name, options)
        .split('\n')
        .filter(x => x !== '');
    if (options && options.trimWhitespace === false) {
        return inputs;
    }
    return inputs.map(input => input.trim());
}
/**
 * Gets the input value of the boolean type in the YAML 1.2 "core schema" specification.
 * Support boolean input list: `true | True | TRUE | false | False | FALSE` .
 * The return value is also in boolean type.
 * ref: https://yaml.org/spec/1.2/spec.html#id2804923
 *
 * @param     name     name of the input to get
 * @param     options  optional. See InputOptions.
 * @returns   boolean
 */
function getBooleanInput(name, options) {
    const trueValue = ['true', 'True', 'TRUE'];
    const falseValue = ['false', 'False', 'FALSE'];
    const val = getInput(name, options);
    if (trueValue.includes(val))
        return true;
    if (falseValue.includes(val))
        return false;
    throw new TypeError(`Input does not meet YAML 1.2 "Core Schema" specification: ${name}\n` +
        `Support boolean input list: \`true | True | TRUE | false | False | FALSE\``);
}
/**
 * Sets the value of an output.
 *
 * @param     name     name of the output to set
 * @param     value    value to store. Non-string values will be converted to a string via JSON.stringify
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
function setOutput(name, value) {
    const filePath = process.env['GITHUB_OUTPUT'] || '';
    if (filePath) {
        return file_command_issueFileCommand('OUTPUT', file_command_prepareKeyValueMessage(name, value));
    }
    process.stdout.write(external_os_.EOL);
    command_issueCommand('set-output', { name }, utils_toCommandValue(value));
}
/**
 * Enables or disables the echoing of commands into stdout for the rest of the step.
 * Echoing is disabled by default if ACTIONS_STEP_DEBUG is not set.
 *
 */
function setCommandEcho(enabled) {
    issue('echo', enabled ? 'on' : 'off');
}
//-----------------------------------------------------------------------
// Results
//-----------------------------------------------------------------------
/**
 * Sets the action status to failed.
 * When the action exits it will be with an exit code of 1
 * @param message add error issue message
 */
function setFailed(message) {
    process.exitCode = ExitCode.Failure;
    error(message);
}
//-----------------------------------------------------------------------
// Logging Commands
//-----------------------------------------------------------------------
/**
 * Gets whether Actions Step Debug is on or not
 */
function isDebug() {
    return process.env['RUNNER_DEBUG'] === '1';
}
/**
 * Writes debug message to user log
 * @param message debug message
 */
function core_debug(message) {
    command_issueCommand('debug', {}, message);
}
/**
 * Adds an error issue
 * @param message error issue message. Errors will be converted to string via toString()
 * @param properties optional properties to add to the annotation.
 */
function error(message, properties = {}) {
    command_issueCommand('error', utils_toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
/**
 * Adds a warning issue
 * @param message warning issue message. Errors will be converted to string via toString()
 * @param properties optional properties to add to the annotation.
 */
function warning(message, properties = {}) {
    command_issueCommand('warning', utils_toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
/**
 * Adds a notice issue
 * @param message notice issue message. Errors will be converted to string via toString()
 * @param properties optional properties to add to the annotation.
 */
function notice(message, properties = {}) {
    issueCommand('notice', toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
/**
 * Writes info to log with console.log.
 * @param message info message
 */
function info(message) {
    process.stdout.write(message + external_os_.EOL);
}
/**
 * Begin an output group.
 *
 * Output until the next `groupEnd` will be foldable in this group
 *
 * @param name The name of the output group
 */
function startGroup(name) {
    command_issue('group', name);
}
/**
 * End an output group.
 */
function endGroup() {
    command_issue('endgroup');
}
/**
 * Wrap an asynchronous function call in a group.
 *
 * Returns the same type as the function itself.
 *
 * @param name The name of the group
 * @param fn The function to wrap in the group
 */
function group(name, fn) {
    return core_awaiter(this, void 0, void 0, function* () {
        startGroup(name);
        let result;
        try {
            result = yield fn();
        }
        finally {
            endGroup();
        }
        return result;
    });
}
//-----------------------------------------------------------------------
// Wrapper action state
//-----------------------------------------------------------------------
/**
 * Saves state for current action, the state can only be retrieved by this action's post job execution.
 *
 * @param     name     name of the state to store
 * @param     value    value to store. Non-string values will be converted to a string via JSON.stringify
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
function saveState(name, value) {
    const filePath = process.env['GITHUB_STATE'] || '';
    if (filePath) {
        return issueFileCommand('STATE', prepareKeyValueMessage(name, value));
    }
    issueCommand('save-state', { name }, toCommandValue(value));
}
/**
 * Gets the value of an state set by this action's main execution.
 *
 * @param     name     name of the state to get
 * @returns   string
 */
function getState(name) {
    return process.env[`STATE_${name}`] || '';
}
function getIDToken(aud) {
    return core_awaiter(this, void 0, void 0, function* () {
        return yield OidcClient.getIDToken(aud);
    });
}
/**
 * Summary exports
 */

/**
 * @deprecated use core.summary
 */

/**
 * Path exports
 */

/**
 * Platform utilities exports
 */

//# sourceMappingURL=core.js.map
// EXTERNAL MODULE: ./src/text/escape.ts
var text_escape = __nccwpck_require__(7388);
;// CONCATENATED MODULE: ./src/github/host.ts





const MAX_LINE_LENGTH = 2_000;
const MAX_WARNINGS = { advice: 8, loss: 9 };
const COPY_CHUNK_BYTES = 65_536;
function createHost(environment) {
    let folder;
    let warnings = 0;
    let properties = {};
    const outputFile = () => {
        if (environment.GITHUB_OUTPUT)
            return environment.GITHUB_OUTPUT;
        throw new Error('GITHUB_OUTPUT is not set: run this action on a GitHub Actions runner');
    };
    return {
        environment,
        mask: (secret) => core_setSecret(secret),
        line: (text) => info(toSafeLine(text)),
        debug: (text) => {
            if (environment.RUNNER_DEBUG === '1')
                core_debug(toSafeLine(text));
        },
        startGroup: (title) => startGroup(toSafeLine(title)),
        endGroup: () => endGroup(),
        titleAnnotations: (title) => {
            properties = title === '' ? {} : { title: (0,text_escape/* escapeForAnnotation */.KY)(title) };
        },
        error: (message) => error((0,text_escape/* escapeForAnnotation */.KY)(message), properties),
        warning: (message, kind = 'advice') => {
            if (warnings >= MAX_WARNINGS[kind]) {
                info(toSafeLine((0,text_escape/* logLine */.BP) `Warning: ${(0,text_escape/* escapeQuotations */.NE)(message)}`));
                return;
            }
            warnings++;
            warning((0,text_escape/* escapeForAnnotation */.KY)(message), properties);
        },
        checkOutputs: () => (0,external_node_fs_.appendFileSync)(outputFile(), ''),
        output: (name, value) => {
            outputFile();
            if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(name))
                throw new Error('an output has a name that cannot be written');
            setOutput(name, value);
        },
        summary: async (markdown) => {
            await summary.addRaw(markdown, true).write();
        },
        writeFile: (name, ...pieces) => {
            const { RUNNER_TEMP: temp = '' } = environment;
            folder ??= (0,external_node_fs_.mkdtempSync)((0,external_node_path_.join)(temp === '' ? (0,external_node_os_namespaceObject.tmpdir)() : temp, 'alloovium-'));
            const path = (0,external_node_path_.join)(folder, name);
            const file = (0,external_node_fs_.openSync)(path, 'w', 0o600);
            try {
                for (const piece of pieces)
                    if (typeof piece === 'string')
                        (0,external_node_fs_.writeFileSync)(file, piece);
                    else
                        host_copyFile(piece.copyOf, file);
            }
            finally {
                (0,external_node_fs_.closeSync)(file);
            }
            return path;
        },
        readFile: (path, maxBytes) => {
            try {
                const file = (0,external_node_fs_.statSync)(path);
                if (!file.isFile())
                    return 'missing';
                return file.size <= maxBytes ? (0,external_node_fs_.readFileSync)(path) : 'too_large';
            }
            catch {
                return 'missing';
            }
        },
    };
}
function toSafeLine(text) {
    return typeof text === 'string' ? (0,text_escape/* escapeForLog */.zB)(text, MAX_LINE_LENGTH) : text.safe.slice(0, MAX_LINE_LENGTH);
}
function host_copyFile(path, to) {
    const from = (0,external_node_fs_.openSync)(path, 'r');
    try {
        const piece = Buffer.allocUnsafe(COPY_CHUNK_BYTES);
        for (let size = (0,external_node_fs_.readSync)(from, piece); size > 0; size = (0,external_node_fs_.readSync)(from, piece))
            (0,external_node_fs_.writeFileSync)(to, piece.subarray(0, size));
    }
    finally {
        (0,external_node_fs_.closeSync)(from);
    }
}


/***/ }),

/***/ 3614:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   G7: () => (/* binding */ readPath),
/* harmony export */   hG: () => (/* binding */ SHA),
/* harmony export */   kz: () => (/* binding */ readNumber),
/* harmony export */   tU: () => (/* binding */ readSha),
/* harmony export */   yR: () => (/* binding */ readText)
/* harmony export */ });
function readPath(value, ...path) {
    for (const name of path) {
        if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name))
            return undefined;
        value = value[name];
    }
    return value;
}
function readText(value, ...path) {
    const found = readPath(value, ...path);
    return typeof found === 'string' ? found : '';
}
function readNumber(value, ...path) {
    const found = readPath(value, ...path);
    return typeof found === 'number' && Number.isSafeInteger(found) && found > 0 ? found : null;
}
const SHA = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
function readSha(value, ...path) {
    const sha = readText(value, ...path);
    return SHA.test(sha) ? sha : null;
}


/***/ }),

/***/ 9173:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  I: () => (/* binding */ writeStickyComment)
});

// EXTERNAL MODULE: ./src/github/read-field.ts
var read_field = __nccwpck_require__(3614);
// EXTERNAL MODULE: ./src/github/github-api.ts
var github_api = __nccwpck_require__(389);
;// CONCATENATED MODULE: ./src/github/comment-api.ts


const PER_PAGE = 100;
const ACTIONS_BOT = { login: 'github-actions[bot]', id: null };
const COMMENT_URL = /^https?:\/\/[\w.:/#-]{1,1000}$/;
function readComment(data) {
    const id = (0,read_field/* readNumber */.kz)(data, 'id');
    const url = (0,read_field/* readText */.yR)(data, 'html_url');
    const login = (0,read_field/* readText */.yR)(data, 'user', 'login');
    const user = {
        login,
        id: (0,read_field/* readNumber */.kz)(data, 'user', 'id'),
        isBot: (0,read_field/* readPath */.G7)(data, 'user', 'type') === 'Bot',
    };
    if (id === null)
        return null;
    return {
        id,
        body: (0,read_field/* readText */.yR)(data, 'body').replaceAll('\r\n', '\n').trimEnd(),
        user: login === '' ? null : user,
        url: COMMENT_URL.test(url) ? url : '',
    };
}
function readPage(data, { link }) {
    if (!Array.isArray(data))
        return null;
    const comments = data.map(readComment);
    if (!comments.every((one) => one !== null))
        return null;
    const isLast = typeof link === 'string' ? !link.includes('rel="next"') : comments.length < PER_PAGE;
    return { comments, isLast };
}
function readViewer(data) {
    if ((0,read_field/* readPath */.G7)(data, 'errors') !== undefined)
        return (0,github_api/* hasError */.JD)(data, 'FORBIDDEN') ? ACTIONS_BOT : null;
    const login = (0,read_field/* readText */.yR)(data, 'data', 'viewer', 'login');
    return login === '' ? null : { login, id: (0,read_field/* readNumber */.kz)(data, 'data', 'viewer', 'databaseId') };
}
async function connectToComments(place, deps) {
    const { pause, close, call, repository, graphqlUrl } = await (0,github_api/* connectToGithub */.DK)(place, deps);
    const commentsPath = `${repository}/issues/${place.pullRequest}/comments`;
    const commentPath = (id) => `${repository}/issues/comments/${id}`;
    return {
        pause,
        close,
        viewer: () => call(`POST ${graphqlUrl}`, { query: 'query { viewer { login databaseId } }' }, readViewer).catch((error) => {
            if ((0,github_api/* hasStatus */.Ro)(error, 403) || (0,github_api/* hasStatus */.Ro)(error, 404))
                return ACTIONS_BOT;
            throw error;
        }),
        head: () => {
            const readHead = (data) => (0,read_field/* readSha */.tU)(data, 'head', 'sha');
            const route = `GET ${repository}/pulls/${place.pullRequest}`;
            return call(route, {}, readHead, { requestMs: github_api/* SHORT_REQUEST_MS */.c5 }).catch(() => {
                deps.signal.throwIfAborted();
                return null;
            });
        },
        list: (page) => call(`GET ${commentsPath}`, { per_page: PER_PAGE, page }, readPage),
        create: (body) => call(`POST ${commentsPath}`, { body }, readComment, { attempts: 1 }),
        update: (id, body) => call(`PATCH ${commentPath(id)}`, { body }, readComment, { attempts: 1 }),
        remove: (id) => call(`DELETE ${commentPath(id)}`, {}, () => true).catch((error) => {
            if (!(0,github_api/* hasStatus */.Ro)(error, 404))
                throw error;
        }),
    };
}

;// CONCATENATED MODULE: ./src/github/sticky-comment.ts


const MAX_ROUNDS = 3;
const SECOND_LOOK_MS = 3_000;
async function writeStickyComment(comment, deps, connected = connectToComments) {
    const { decide, marker, commit, isShared } = comment;
    const { signal } = deps;
    let decision = null;
    let result = null;
    let api = null;
    let isUnconfirmed = false;
    try {
        signal.throwIfAborted();
        api = await connected(comment, deps);
        const author = await api.viewer();
        let session = { api, author, marker, created: [] };
        let wasDeleted = false;
        for (let round = 1;; round++) {
            const head = commit === null ? null : await api.head();
            if (head !== null && head !== commit)
                return { result: result ?? describeOtherHead(commit ?? '', head), decision };
            const existing = await findOwn(session, null);
            decision = decide(existing?.body ?? null, decision, head !== null);
            if (decision.action === 'leave')
                return { result: result ?? describeLeft(decision, existing), decision };
            const isLastRound = round >= MAX_ROUNDS;
            const { body } = decision;
            isUnconfirmed = true;
            const sent = await createOrUpdate(api, existing, body);
            if (sent instanceof github_api/* CallFailed */.Ep) {
                if (wasDeleted)
                    throw sent;
                wasDeleted = true;
                isUnconfirmed = false;
                continue;
            }
            if (existing === null)
                session = { ...session, created: [...session.created, { id: sent?.id ?? null, body }] };
            const written = sent ?? (await findWritten(session, body, round));
            if (written === null && isLastRound)
                throw new github_api/* CallFailed */.Ep('lost', 'no answer to what was written');
            isUnconfirmed = false;
            if (written === null)
                continue;
            const { url } = written;
            result = createResult('line', `Comment ${existing === null ? 'created' : 'updated'}${url && `: ${url}`}`, url);
            const looksMs = [...(sent === null ? [] : [0]), ...(isShared ? [SECOND_LOOK_MS] : [])];
            const wasKept = await verifyKept(session, written, comment.isKept, looksMs);
            if (wasKept || isLastRound)
                return { result, decision };
        }
    }
    catch (error) {
        if (signal.aborted)
            return { result: result ?? createResult('warning', isUnconfirmed ? NOT_KNOWN : CUT), decision };
        return { result: describeFailure(error), decision };
    }
    finally {
        await api?.close();
    }
}
async function findOwn({ api, author, marker, created }, written) {
    const own = await listMarked(api, author, marker, created.length === 0);
    if (written !== null && !own.some(({ id }) => id === written.id))
        own.push(written);
    const [oldest = null, ...others] = own.sort((a, b) => a.id - b.id);
    for (const one of others) {
        if (created.some(({ id, body }) => id === one.id || body === one.body))
            await api.remove(one.id);
    }
    return oldest;
}
async function createOrUpdate(api, existing, body) {
    try {
        return existing === null ? await api.create(body) : await api.update(existing.id, body);
    }
    catch (error) {
        if (!(error instanceof github_api/* CallFailed */.Ep))
            throw error;
        if (error.why === 'lost')
            return null;
        if (existing !== null && (0,github_api/* hasStatus */.Ro)(error, 404))
            return error;
        throw error;
    }
}
async function findWritten(session, body, round) {
    await session.api.pause(github_api/* WRITE_PAUSE_MS */.E * round);
    const found = await findOwn(session, null);
    return found?.body === body ? found : null;
}
async function verifyKept(session, written, isKept, pausesMs) {
    try {
        for (const pauseMs of pausesMs) {
            if (pauseMs > 0)
                await session.api.pause(pauseMs);
            const found = await findOwn(session, pauseMs === 0 ? written : null);
            if (found?.id !== written.id || !isKept(found.body))
                return false;
        }
        return true;
    }
    catch (error) {
        if (error instanceof github_api/* CallFailed */.Ep)
            return true;
        throw error;
    }
}
function createResult(level, text, url = '', detail = '') {
    return { url, level, text, detail };
}
function describeOtherHead(commit, head) {
    const text = `this report is for commit ${commit.slice(0, 7)}, and the head of the pull request is now ${head.slice(0, 7)}`;
    return createResult('notice', `No comment is written: ${text}.`);
}
function describeLeft({ level, reason }, existing) {
    const url = existing?.url ?? '';
    const about = level === 'warning' && url !== '' ? ` (${url})` : '';
    const left = existing === null ? 'No comment' : `Comment left as it is${about}`;
    return createResult(level, `${left}: ${reason}.`, url);
}
async function listMarked(api, author, marker, oldestOnly) {
    const own = [];
    for (let page = 1;; page++) {
        const { comments, isLast } = await api.list(page);
        own.push(...comments.filter((one) => isWrittenBy(one.user, author) && hasMarker(one, marker)));
        if (isLast || (oldestOnly && own.length > 0))
            return own;
    }
}
function hasMarker({ body }, marker) {
    return body.split(/[\r\n]/, 1)[0]?.trimEnd() === marker;
}
function isWrittenBy(user, author) {
    if (user === null)
        return false;
    if (author.login.endsWith('[bot]') && user.login === author.login)
        return true;
    if (author.id !== null)
        return user.id === author.id;
    return user.isBot && user.login === `${author.login}[bot]`;
}
const NOT_KNOWN = 'It is not known whether the comment was written: the runner stopped this step meanwhile.';
const CUT = 'The comment was not written: the runner stopped this step before that.';
function describeFailure(error) {
    const detail = (0,github_api/* messageOf */.bD)(error);
    const { why, hintMs } = error instanceof github_api/* CallFailed */.Ep ? error : { why: 'other', hintMs: null };
    const isRefused = typeof why === 'number';
    const isLocked = why === 403 && detail.toLowerCase().includes('locked');
    const kind = isLocked ? 'locked' : isRefused && why < 400 ? 'redirect' : why;
    const [level, text, remedy = ''] = NOT_WRITTEN[kind] ?? ['warning', 'GitHub rejected it'];
    const time = hintMs === null ? '' : ` for ${Math.ceil(hintMs / 1000)} s more`;
    const about = isRefused ? ` (${why})` : time;
    return createResult(level, `The comment was not written: ${text}${about}.${remedy && ` ${remedy}`}`, '', detail);
}
const PERMISSION = 'Give the job `permissions: { pull-requests: write }`';
const NOT_WRITTEN = {
    other: ['warning', 'the call to GitHub could not be made'],
    lost: ['warning', 'GitHub did not confirm it in time'],
    limited: ['notice', "GitHub's rate limit lasts"],
    locked: ['notice', 'the conversation is locked'],
    410: ['notice', 'the pull request accepts no more comments'],
    401: ['warning', 'GitHub does not accept `github_token`'],
    403: [
        'warning',
        '`github_token` is not allowed to write it',
        `${PERMISSION}; Dependabot's pull requests need it too. On pull requests from forks the token is always read-only.`,
    ],
    404: ['warning', '`github_token` cannot see the pull request', `${PERMISSION}.`],
    redirect: ['warning', 'GitHub answered with a redirect, which is not followed with a token'],
};


/***/ }),

/***/ 9407:
/***/ ((module, __unused_webpack___webpack_exports__, __nccwpck_require__) => {

__nccwpck_require__.a(module, async (__webpack_handle_async_dependencies__, __webpack_async_result__) => { try {
/* harmony import */ var _environment_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(2678);
/* harmony import */ var node_util__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(7975);
/* harmony import */ var node_util__WEBPACK_IMPORTED_MODULE_1___default = /*#__PURE__*/__nccwpck_require__.n(node_util__WEBPACK_IMPORTED_MODULE_1__);
/* harmony import */ var node_v8__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(8877);
/* harmony import */ var node_v8__WEBPACK_IMPORTED_MODULE_2___default = /*#__PURE__*/__nccwpck_require__.n(node_v8__WEBPACK_IMPORTED_MODULE_2__);
/* harmony import */ var node_vm__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(714);
/* harmony import */ var node_vm__WEBPACK_IMPORTED_MODULE_3___default = /*#__PURE__*/__nccwpck_require__.n(node_vm__WEBPACK_IMPORTED_MODULE_3__);
/* harmony import */ var _alloovium_transport_js__WEBPACK_IMPORTED_MODULE_4__ = __nccwpck_require__(847);
/* harmony import */ var _clock_js__WEBPACK_IMPORTED_MODULE_5__ = __nccwpck_require__(529);
/* harmony import */ var _github_event_js__WEBPACK_IMPORTED_MODULE_6__ = __nccwpck_require__(5015);
/* harmony import */ var _github_host_js__WEBPACK_IMPORTED_MODULE_7__ = __nccwpck_require__(1398);
/* harmony import */ var _github_sticky_comment_js__WEBPACK_IMPORTED_MODULE_8__ = __nccwpck_require__(9173);
/* harmony import */ var _runs_ending_js__WEBPACK_IMPORTED_MODULE_9__ = __nccwpck_require__(2999);
/* harmony import */ var _main_js__WEBPACK_IMPORTED_MODULE_10__ = __nccwpck_require__(1496);
/* harmony import */ var _inputs_secrets_js__WEBPACK_IMPORTED_MODULE_11__ = __nccwpck_require__(3332);
/* harmony import */ var _text_redact_js__WEBPACK_IMPORTED_MODULE_12__ = __nccwpck_require__(3326);













process.exitCode = 1;
(0,node_v8__WEBPACK_IMPORTED_MODULE_2__.setFlagsFromString)('--optimize-for-size');
if ((process.env.INPUT_RUNS ?? '').trim() !== '') {
    (0,node_v8__WEBPACK_IMPORTED_MODULE_2__.setFlagsFromString)('--expose-gc');
    globalThis.gc = (0,node_vm__WEBPACK_IMPORTED_MODULE_3__.runInNewContext)('gc');
}
const host = (0,_github_host_js__WEBPACK_IMPORTED_MODULE_7__/* .createHost */ .D)(process.env);
const stop = new AbortController();
let isOver = false;
const crashes = [];
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
for (const name of SIGNALS) {
    process.on(name, () => {
        if (!stop.signal.aborted) {
            stop.abort(new _runs_ending_js__WEBPACK_IMPORTED_MODULE_9__/* .Interrupted */ .j$(name));
            return;
        }
        for (const each of SIGNALS)
            process.removeAllListeners(each);
        process.kill(process.pid, name);
    });
}
for (const name of ['uncaughtException', 'unhandledRejection']) {
    process.on(name, (error) => {
        crashes.push(error);
        process.exitCode = 1;
        const crash = error instanceof Error ? error : new Error((0,node_util__WEBPACK_IMPORTED_MODULE_1__.inspect)(error));
        if (isOver || stop.signal.aborted)
            host.line(`error: ${(0,_text_redact_js__WEBPACK_IMPORTED_MODULE_12__/* .createRedactor */ .lY)((0,_inputs_secrets_js__WEBPACK_IMPORTED_MODULE_11__/* .readSecrets */ .ql)(process.env))(crash.message)}`);
        else
            stop.abort(crash);
    });
}
process.on('beforeExit', () => {
    if (!isOver)
        stop.abort(new Error('the process ran out of work before the step ended'));
});
for (const stream of [process.stdout, process.stderr])
    stream.on('error', () => undefined);
const eventPath = process.env.GITHUB_EVENT_PATH ?? '';
delete process.env.GITHUB_EVENT_PATH;
const exitCode = await (0,_main_js__WEBPACK_IMPORTED_MODULE_10__/* .run */ .e)({
    host,
    transport: (0,_alloovium_transport_js__WEBPACK_IMPORTED_MODULE_4__/* .createTransport */ .o)('alloovium-run-workflow-action'),
    clock: _clock_js__WEBPACK_IMPORTED_MODULE_5__/* .realClock */ .d,
    random: Math.random,
    signal: stop.signal,
    readEvent: () => (0,_github_event_js__WEBPACK_IMPORTED_MODULE_6__/* .readEventFile */ .zh)(eventPath, _clock_js__WEBPACK_IMPORTED_MODULE_5__/* .realClock */ .d, stop.signal),
    jobAgeMs: () => (0,_github_event_js__WEBPACK_IMPORTED_MODULE_6__/* .measureJobAgeMs */ .lI)(eventPath, Date.now()),
    writeStickyComment: _github_sticky_comment_js__WEBPACK_IMPORTED_MODULE_8__/* .writeStickyComment */ .I,
});
isOver = true;
if (crashes.length === 0)
    process.exitCode = exitCode;

__webpack_async_result__();
} catch(e) { __webpack_async_result__(e); } }, 1);

/***/ }),

/***/ 5620:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   $I: () => (/* binding */ isNone),
/* harmony export */   Im: () => (/* binding */ isEmpty),
/* harmony export */   Kx: () => (/* binding */ PLACEHOLDER),
/* harmony export */   Qh: () => (/* binding */ INPUT_NAMES),
/* harmony export */   Ry: () => (/* binding */ ENTRY_PROPERTIES),
/* harmony export */   W0: () => (/* binding */ joinSentence),
/* harmony export */   cJ: () => (/* binding */ FIELDS),
/* harmony export */   ku: () => (/* binding */ SWAPPED_IDS),
/* harmony export */   qU: () => (/* binding */ readFields),
/* harmony export */   rK: () => (/* binding */ DEFAULT_API_URL),
/* harmony export */   yI: () => (/* binding */ PROPERTIES),
/* harmony export */   zY: () => (/* binding */ DEFAULTS)
/* harmony export */ });
/* unused harmony export IDS_OF_A_RUN */
/* harmony import */ var _gate_field_lists_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(7543);
/* harmony import */ var _gate_waivers_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(6322);
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(8301);
/* harmony import */ var _safe_url_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(5518);




const EMPTY_FAIL_IF = 'is empty: is a variable unset? For no gate leave it out, or write `none`';
const PLACEHOLDER = /\{([\w-]{1,64})\}/g;
const IDS_OF_A_RUN = ['run_id', 'workflow_id', 'project_id'];
function defineField(name, read, fallback, shown = 'nothing', emptyFault = '') {
    return { name, read, fallback, shown, emptyFault };
}
const DEFAULT_API_URL = 'https://api.alloovium.com';
const WORKFLOW_ID_FORMAT = "the workflow's ID as the dashboard shows it, `wf_…`";
const STATUS_FORMAT = 'one line of 1 to 100 printable characters';
const KEY_FORMAT = 'made of 1-100 characters `A-Z a-z 0-9 _ -`';
const FIELDS = {
    apiKey: defineField('api_key', parseApiKey, ''),
    apiUrl: defineField('api_url', parseApiUrl, DEFAULT_API_URL, 'all'),
    workflowId: defineField('workflow_id', parsePattern(/^wf_[A-Za-z0-9_.-]{1,125}$/, WORKFLOW_ID_FORMAT), '', 'all'),
    inputs: defineField('inputs', parseMapping, {}, 'names'),
    projectId: defineField('project_id', parseProjectId, '', 'all'),
    runId: defineField('run_id', parsePattern(_json_js__WEBPACK_IMPORTED_MODULE_1__.ID, "a run's ID, `run_…`"), '', 'all'),
    idempotencyKey: defineField('idempotency_key', parsePattern(/^[A-Za-z0-9_-]{1,100}$/, KEY_FORMAT), '', 'all'),
    onRerun: defineField('on_rerun', parseChoice('resume', 'fresh'), 'resume'),
    wait: defineField('wait', parseBoolean, true),
    timeoutMs: defineField('timeout_minutes', parseMinutes, 15 * 60_000),
    failIf: defineField('fail_if', parseConditions, '', 'all', EMPTY_FAIL_IF),
    warnIf: defineField('warn_if', parseConditions, '', 'all'),
    knownBy: defineField('known_by', (raw) => (0,_gate_field_lists_js__WEBPACK_IMPORTED_MODULE_2__/* .parseKnownBy */ .ix)(parseText(raw)), new Map(), 'all'),
    waivers: defineField('waivers', parseWaivers, [], 'all'),
    columns: defineField('columns', (raw) => (0,_gate_field_lists_js__WEBPACK_IMPORTED_MODULE_2__/* .parseColumns */ .f)(parseText(raw)), new Map(), 'all'),
    runs: defineField('runs', parseText, ''),
    jobSummary: defineField('job_summary', parseBoolean, true),
    comment: defineField('comment', parseChoice('never', 'always', 'on_failure'), 'never'),
    commentKey: defineField('comment_key', parseTrimmedText, ''),
    baselineFile: defineField('baseline_file', parseTrimmedText, ''),
    failOn: defineField('fail_on', parseChoice('any', 'new'), 'any'),
    title: defineField('title', parsePattern(/^[^\r\n]{1,100}$/, 'one line of at most 100 characters'), '', 'all'),
    runUrl: defineField('run_url', parseUrlTemplate('runs/{run_id}', IDS_OF_A_RUN), '', 'all'),
    itemUrl: defineField('item_url', parseUrlTemplate('documents/{document_id}'), '', 'all'),
    githubToken: defineField('github_token', parseTrimmedText, ''),
    pullRequest: defineField('pull_request', parsePullRequestNumber, null),
    commitStatus: defineField('commit_status', parsePattern(/^[^\p{C}\p{Zl}\p{Zp}]{1,100}$/u, STATUS_FORMAT), '', 'all'),
    baseline: defineField('baseline', parseBranch, '', 'all'),
    onMissingKey: defineField('on_missing_key', parseChoice('fail', 'skip'), 'fail'),
};
const PROPERTIES = Object.keys(FIELDS);
const ENTRY_PROPERTIES = [
    'workflowId',
    'inputs',
    'projectId',
    'runId',
    'idempotencyKey',
    'failIf',
    'warnIf',
    'knownBy',
    'waivers',
    'columns',
];
const INPUT_NAMES = PROPERTIES.map((one) => FIELDS[one].name);
const DEFAULTS = Object.fromEntries(PROPERTIES.map((one) => [one, FIELDS[one].fallback]));
async function readFields(properties, getRaw, holdsSecret, fault) {
    const values = [];
    for (const property of properties) {
        const { name, read, shown, emptyFault } = FIELDS[property];
        const raw = getRaw(name);
        if (isEmpty(raw)) {
            if (raw !== undefined && emptyFault !== '')
                fault(name, emptyFault);
            continue;
        }
        try {
            const value = await read(raw);
            const texts = shown === 'names' ? Object.keys(value) : [raw, value].flatMap(collectTexts);
            if (shown !== 'nothing' && texts.some(holdsSecret))
                fault(name, `${shown === 'names' ? 'has a name that is a secret' : 'contains a secret'}, and reports would show it`);
            else
                values.push([property, value]);
        }
        catch (error) {
            fault(name, error.message);
        }
    }
    return Object.fromEntries(values);
}
function isEmpty(raw) {
    return raw === undefined || raw === null || (typeof raw === 'string' && raw.trim() === '');
}
function joinSentence(subject, what) {
    return `${subject}${/^[`“]/.test(what) ? ':' : ''} ${what}`;
}
function collectTexts(value) {
    if (typeof value === 'string')
        return [value];
    if (typeof value !== 'object' || value === null)
        return [];
    if (value instanceof Map)
        return [...value].flatMap(collectTexts);
    return [...Object.keys(value), ...Object.values(value).flatMap(collectTexts)];
}
function parseText(raw) {
    if (typeof raw !== 'string')
        throw new Error('must be a text: quote it');
    return raw;
}
function parseTrimmedText(raw) {
    return parseText(raw).trim();
}
function parseConditions(raw) {
    if ((0,_json_js__WEBPACK_IMPORTED_MODULE_1__/* .isList */ .Lv)(raw))
        throw new Error('is a list: write a text below `|`, one condition a line');
    const text = parseText(raw);
    return isNone(text) ? '' : text;
}
function isNone(raw) {
    if (typeof raw !== 'string')
        return false;
    const lines = raw.split(/\r\n|\r|\n/).map((line) => line.trim());
    return lines.filter((line) => line !== '' && !line.startsWith('#')).join('\n') === 'none';
}
const SWAPPED_IDS = 'begins with `wf_`: are `project_id` and `workflow_id` swapped?';
function parseProjectId(raw) {
    const id = parsePattern(_json_js__WEBPACK_IMPORTED_MODULE_1__.ID, "the project's ID")(raw);
    if (id.startsWith('wf_'))
        throw new Error(SWAPPED_IDS);
    return id;
}
function parsePattern(pattern, what) {
    return (raw) => {
        const text = parseTrimmedText(raw);
        if (!pattern.test(text))
            throw new Error(`must be ${what}`);
        return text;
    };
}
function parseUrlTemplate(example, known) {
    return (raw) => {
        const text = parseTrimmedText(raw);
        const plain = text.replace(PLACEHOLDER, 'x');
        const hasHost = /^https:\/\/[\w.-]+(?::\d{1,5})?\//.test(text) && URL.canParse(plain);
        if (!hasHost || text.length > 500 || /[^\w.~:/?#%&=+,;@!-]/.test(plain))
            throw new Error(`must be an \`https:\` address with its placeholders in the path, such as \`https://app.example.com/${example}\``);
        if (/%[\dA-F]?\{/i.test(text))
            throw new Error('has a `%` just before a placeholder, whose value would become part of its escape');
        if (known && [...text.matchAll(PLACEHOLDER)].some(([, name = '']) => !known.includes(name)))
            throw new Error(`may have only the placeholders ${known.map((name) => `\`{${name}}\``).join(', ')}`);
        return text;
    };
}
function parseChoice(...choices) {
    return (raw) => {
        const text = parseTrimmedText(raw).replaceAll('-', '_');
        const found = choices.find((choice) => choice === text);
        if (found !== undefined)
            return found;
        const quoted = choices.map((choice) => `\`${choice}\``);
        throw new Error(`must be ${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1) ?? ''}`);
    };
}
function parseBoolean(raw) {
    const text = parseTrimmedText(raw);
    if (/^(?:true|True|TRUE)$/.test(text))
        return true;
    if (/^(?:false|False|FALSE)$/.test(text))
        return false;
    throw new Error('must be `true` or `false`');
}
function parsePullRequestNumber(raw) {
    const text = parseTrimmedText(raw);
    if (!/^[1-9]\d{0,9}$/.test(text))
        throw new Error('must be the number of a pull request, such as `123`');
    return Number(text);
}
function parseBranch(raw) {
    const text = parseTrimmedText(raw);
    if (text.startsWith('refs/'))
        throw new Error('must be the name of a branch alone, such as `main`');
    if (/[\p{C}\s~^:?*[\\]|\.\.|@\{|^[-/]|[/.]$|\/\//u.test(text) || text.length > 200)
        throw new Error('must be the name of a branch, such as `main`');
    return text;
}
const MAX_MINUTES = 1440;
function parseMinutes(raw) {
    const text = parseTrimmedText(raw);
    const ms = /^\d{1,8}(\.\d{1,8})?$/.test(text) ? Number(text) * 60_000 : 0;
    if (!(ms > 0 && ms <= MAX_MINUTES * 60_000))
        throw new Error(`must be a number of minutes above 0 and at most ${MAX_MINUTES}, such as \`15\` or \`0.5\``);
    return ms;
}
async function parseWaivers(raw) {
    if (typeof raw !== 'string')
        return (0,_gate_waivers_js__WEBPACK_IMPORTED_MODULE_0__/* .readWaivers */ .Sr)(raw);
    const { readYaml } = await Promise.all(/* import() */[__nccwpck_require__.e(815), __nccwpck_require__.e(950)]).then(__nccwpck_require__.bind(__nccwpck_require__, 8950));
    return (0,_gate_waivers_js__WEBPACK_IMPORTED_MODULE_0__/* .readWaivers */ .Sr)(readYaml(raw).verbatimList('waivers'));
}
async function parseMapping(raw) {
    if ((0,_json_js__WEBPACK_IMPORTED_MODULE_1__/* .isJsonObject */ .OW)(raw))
        return raw;
    const what = 'variable names to values, such as `start_date: 2026-04-01` (a blank after the colon)';
    if (typeof raw !== 'string')
        throw new Error(`must be a mapping of ${what}`);
    const { readYaml } = await Promise.all(/* import() */[__nccwpck_require__.e(815), __nccwpck_require__.e(950)]).then(__nccwpck_require__.bind(__nccwpck_require__, 8950));
    return Object.fromEntries(readYaml(raw).mapping(what));
}
function parseApiKey(raw) {
    const key = parseTrimmedText(raw);
    if (/^bearer\s/i.test(key))
        throw new Error('must be the key alone, without `Bearer `');
    if (/^["'`]|["'`]$/.test(key))
        throw new Error('must be the key alone, without quotes');
    if (!/^[\x21-\x7e]+$/.test(key))
        throw new Error('must be printable ASCII without spaces or line breaks inside: check how the secret was pasted');
    if (key.length < 8)
        throw new Error('is too short to be an Alloovium key (`ak_live_…` or `ak_test_…`, 60 characters)');
    return key;
}
function parseApiUrl(raw) {
    const text = parseTrimmedText(raw);
    const url = URL.parse(text);
    if (url === null || !(0,_safe_url_js__WEBPACK_IMPORTED_MODULE_3__/* .isSafeUrl */ .F)(url) || url.username + url.password !== '' || /[?#]/.test(text))
        throw new Error('must be an `https:` URL without user, query or fragment (`http:` only to a loopback host)');
    const normal = url.origin + url.pathname.replace(/\/+$/, '');
    if (/\/api(\/v\d+)?$/.test(normal))
        throw new Error('must be without `/api/v2`, which the action adds');
    return normal;
}


/***/ }),

/***/ 326:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  dz: () => (/* binding */ InputError),
  gk: () => (/* binding */ NO_WORKFLOW),
  VY: () => (/* binding */ asksForGate),
  Ko: () => (/* binding */ readInputs)
});

// EXTERNAL MODULE: ./src/gate/gate.ts
var gate_gate = __nccwpck_require__(4512);
// EXTERNAL MODULE: ./src/inputs/runs-input.ts
var runs_input = __nccwpck_require__(8890);
// EXTERNAL MODULE: ./src/inputs/input-table.ts
var input_table = __nccwpck_require__(5620);
;// CONCATENATED MODULE: ./src/inputs/naming.ts
const MAX_TITLE_LENGTH = 100;
function deriveNaming({ commentKey, title: titleInput }, { GITHUB_JOB: job = '', GITHUB_ACTION: action = '', GITHUB_WORKFLOW: workflow = '' }) {
    const step = `${job} ${action} `;
    const key = commentKey === '' ? step : commentKey;
    const isDefault = key.startsWith(step);
    const matrixValues = isDefault ? parseMatrixValues(key.slice(step.length)) : [];
    const readableValues = matrixValues.filter(isReadableValue);
    const name = readableValues.length === 0 ? workflow : `${workflow} (${readableValues.join(', ')})`;
    return {
        commentKey: isDefault && titleInput !== '' ? [key, titleInput] : [key],
        isCommentShared: !isDefault,
        matrixValues: matrixValues.filter((value) => value !== ''),
        authorTitle: titleInput,
        title: titleInput === '' ? name.slice(0, MAX_TITLE_LENGTH).toWellFormed() : titleInput,
    };
}
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
function isReadableValue(value) {
    return value !== '' && value.length <= 40 && !UUID.test(value) && !/[[\](){}<>"'`\r\n]/.test(value);
}
function parseMatrixValues(json) {
    try {
        return flattenValues(JSON.parse(json));
    }
    catch {
        return [];
    }
}
function flattenValues(value) {
    return typeof value === 'object' ? Object.values(value ?? {}).flatMap(flattenValues) : [String(value)];
}

// EXTERNAL MODULE: ./src/inputs/secrets.ts
var inputs_secrets = __nccwpck_require__(3332);
// EXTERNAL MODULE: ./src/step-error.ts
var step_error = __nccwpck_require__(5406);
// EXTERNAL MODULE: ./src/text/nearest-name.ts
var nearest_name = __nccwpck_require__(7153);
;// CONCATENATED MODULE: ./src/inputs/inputs.ts







class InputError extends step_error/* StepError */.z {
    usable;
    constructor(faults, usable = null) {
        const all = faults.join('\n');
        const [first = ''] = all.split('\n');
        const headline = first.length <= MAX_HEADLINE_LENGTH
            ? first
            : first.slice(0, MAX_HEADLINE_LENGTH).replace(/[^ ]*$/, '…');
        const places = all.match(/, line \d+, column \d+: /g) ?? [];
        const isOne = faults.length === 1 && places.length <= 1;
        const isWhole = isOne && headline === first;
        super(headline.replace(/\.$/, ''), faults.every((fault) => fault.startsWith('`api_key`'))
            ? 'Fix the secret, then {again}'
            : `Fix ${isOne ? 'this' : 'these'} in the workflow file${isWhole ? '' : ': the log has the rest'}.`, all);
        this.message = all;
        this.usable = usable;
    }
}
const MAX_HEADLINE_LENGTH = 240;
const NO_WORKFLOW = '`workflow_id` is missing.\nTo evaluate a run of an earlier job: `run_id` is empty. Did that job fail?';
async function readInputs(environment) {
    const rawInput = (name) => environment[toVariableName(name)];
    const isSet = (name) => !(0,input_table/* isEmpty */.Im)(rawInput(name)) &&
        !(name === input_table/* FIELDS */.cJ.onRerun.name && rawInput(name)?.trim() === input_table/* FIELDS */.cJ.onRerun.fallback);
    const ignored = isSet('run_id') ? IGNORED_WITH_RUN_ID.filter(isSet) : [];
    const getInput = (name) => ignored.includes(name) ? '' : name === input_table/* FIELDS */.cJ.apiKey.name ? (0,inputs_secrets/* readApiKey */.iZ)(environment) : rawInput(name);
    const hasInput = (name) => !(0,input_table/* isEmpty */.Im)(getInput(name));
    let faults = findUnknownInputs(environment);
    const fault = (name, what) => faults.push((0,input_table/* joinSentence */.W0)(`\`${name}\``, what).replace(/(?<!\?)$/, '.'));
    const secrets = (0,inputs_secrets/* readCredentials */.L1)(environment);
    const holdsSecret = (shown) => secrets.some((secret) => shown.includes(secret));
    const validValues = await (0,input_table/* readFields */.qU)(input_table/* PROPERTIES */.yI, getInput, holdsSecret, fault);
    if (faults.some((one) => one.endsWith(input_table/* SWAPPED_IDS */.ku)))
        faults = faults.filter((one) => !one.startsWith(`\`${input_table/* FIELDS */.cJ.workflowId.name}\``));
    const values = { ...input_table/* DEFAULTS */.zY, ...validValues };
    if (!hasInput('workflow_id') && !hasInput('run_id') && !hasInput('runs'))
        faults.push(NO_WORKFLOW);
    if (!values.wait)
        for (const name of ['fail_if', 'warn_if', 'run_id'])
            if (hasInput(name) && !(0,input_table/* isNone */.$I)(getInput(name)))
                fault('wait', `cannot be \`false\` together with \`${name}\`: there is no verdict without waiting`);
    const gate = await (0,gate_gate/* compileGate */.r)(values.failIf, values.warnIf);
    const single = { ...values, gate };
    if (gate.fault !== '')
        faults.push(gate.fault);
    let runs = null;
    if (hasInput('runs')) {
        if (hasInput('run_id'))
            fault('run_id', 'cannot be used together with `runs`: give it in an entry of `runs`');
        const parsed = await (0,runs_input/* readRuns */.xx)(values.runs, values, holdsSecret);
        runs = parsed.entries;
        for (const what of parsed.faults)
            fault('runs', what);
    }
    const gates = [single, ...(runs ?? [])].map(({ gate }) => gate);
    for (const [name, what] of gate.fault !== '' ? [] : (0,runs_input/* findUnknownConditions */.oG)(validValues, gates))
        fault(name, what);
    if (values.failOn === 'new' && (runs ?? [single]).some(runs_input/* lacksKnownBy */.RW))
        fault('fail_on', 'is `new`, which needs `known_by`: the fields that make two findings the same, such as `known_by: document_id, clause, status`');
    const inputs = { ...single, runs, ...deriveNaming(values, environment), ignored };
    for (const [name, what] of findStatusFaults(inputs, environment))
        fault(name, what);
    if (values.baseline !== '' && hasInput('baseline_file'))
        fault('baseline', 'cannot be used together with `baseline_file`');
    if (values.baseline !== '' && !values.wait)
        fault('baseline', 'has no effect with `wait: false`');
    if (environment.NODE_TLS_REJECT_UNAUTHORIZED === '0')
        faults.push('NODE_TLS_REJECT_UNAUTHORIZED=0 is set: the key would be sent to any server that answers. Unset it; for a private CA, set NODE_EXTRA_CA_CERTS to its file.');
    if (faults.length > 0) {
        const hasFault = (fault) => faults.some((one) => fault.test(one));
        const isUnfindable = inputs.comment !== 'never' && hasFault(/^`(?:title|comment_key)`/);
        if (isUnfindable)
            faults.push('No comment is written: the action finds its comment by this input.');
        const isInsecure = hasFault(/^NODE_TLS/);
        throw new InputError(faults, {
            ...inputs,
            comment: isUnfindable || isInsecure ? 'never' : inputs.comment,
            commitStatus: isInsecure || hasFault(/^`commit_status`/) ? '' : inputs.commitStatus,
        });
    }
    return inputs;
}
function* findStatusFaults(inputs, environment) {
    const { commitStatus, githubToken, matrixValues } = inputs;
    if (commitStatus === '')
        return;
    const name = input_table/* FIELDS */.cJ.commitStatus.name;
    if (githubToken === '')
        yield [name, 'needs `github_token`, which is empty'];
    if ([inputs, ...(inputs.runs ?? [])].some(({ runId }) => runId !== ''))
        yield [name, 'cannot be used together with `run_id`: the run may be of another commit'];
    if (commitStatus === environment.GITHUB_JOB)
        yield [name, 'is the ID of the job: GitHub finds required checks by their name alone, so choose another'];
    if (matrixValues.length > 0 && !matrixValues.some((value) => commitStatus.includes(value)))
        yield [
            name,
            'must hold a value of the matrix: else each job of the matrix overwrites the status of the others',
        ];
}
function asksForGate(environment) {
    const failIf = environment[toVariableName(input_table/* FIELDS */.cJ.failIf.name)];
    return failIf !== undefined && !(0,input_table/* isNone */.$I)(failIf);
}
function toVariableName(name) {
    return `INPUT_${name.toUpperCase()}`;
}
const IGNORED_WITH_RUN_ID = ['project_id', 'inputs', 'idempotency_key', 'on_rerun'];
function findUnknownInputs(environment) {
    const known = [...input_table/* INPUT_NAMES */.Qh.map(toVariableName), 'INPUT_METHOD'];
    const unknown = Object.keys(environment)
        .filter((name) => name.startsWith('INPUT_') && !known.includes(name) && !(0,input_table/* isEmpty */.Im)(environment[name]))
        .map((name) => name.slice('INPUT_'.length, 128).replaceAll(/[^A-Za-z0-9_-]/g, '?'));
    const [first] = unknown;
    if (first === undefined)
        return [];
    const near = unknown.map((name) => (0,nearest_name/* findNearest */.q)(input_table/* INPUT_NAMES */.Qh, name, (one) => (one.length < 8 ? 1 : 2)));
    const list = input_table/* INPUT_NAMES */.Qh.map((name) => `\`${name}\``).join(', ');
    const faults = unknown.map((name, at) => `There is no input \`${name.toLowerCase()}\`${near[at] === undefined ? '.' : `: did you mean \`${near[at]}\`?`}`);
    const last = [
        ...faults.slice(-1),
        ...(near.includes(undefined) ? [`The inputs are ${list}.`] : []),
        `If \`INPUT_${first}\` is a variable of another tool, set it to \`''\` below \`env\` of this step.`,
    ].join('\n');
    return [...faults.slice(0, -1), last];
}


/***/ }),

/***/ 8890:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   PH: () => (/* binding */ groupOrders),
/* harmony export */   RW: () => (/* binding */ lacksKnownBy),
/* harmony export */   oG: () => (/* binding */ findUnknownConditions),
/* harmony export */   xx: () => (/* binding */ readRuns)
/* harmony export */ });
/* harmony import */ var _gate_gate_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(4512);
/* harmony import */ var _gate_field_lists_js__WEBPACK_IMPORTED_MODULE_5__ = __nccwpck_require__(7543);
/* harmony import */ var _intent_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(7609);
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(8301);
/* harmony import */ var _text_nearest_name_js__WEBPACK_IMPORTED_MODULE_4__ = __nccwpck_require__(7153);
/* harmony import */ var _input_table_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(5620);






function groupOrders(runs) {
    const orders = new Map();
    for (const { name, gate, knownBy, waivers, columns, ...entry } of runs) {
        const { workflowId, projectId, inputs, runId, idempotencyKey } = entry;
        const intent = (0,_intent_js__WEBPACK_IMPORTED_MODULE_1__/* .canonicalJson */ .dj)([runId, workflowId, projectId, inputs, idempotencyKey]);
        const earlier = orders.get(intent);
        const entries = [...(earlier?.entries ?? []), { name, gate, knownBy, waivers, columns }];
        orders.set(intent, { entries, workflowId, projectId, inputs, runId, idempotencyKey });
    }
    return [...orders.values()];
}
function findUnknownConditions({ knownBy, waivers, columns }, gates) {
    const names = gates.flatMap(({ conditions }) => conditions.flatMap(({ name }) => name ?? []));
    const named = [
        [_input_table_js__WEBPACK_IMPORTED_MODULE_3__/* .FIELDS */ .cJ.knownBy.name, [...(knownBy?.keys() ?? [])].filter((name) => name !== null)],
        [_input_table_js__WEBPACK_IMPORTED_MODULE_3__/* .FIELDS */ .cJ.waivers.name, waivers?.flatMap(({ condition }) => condition ?? []) ?? []],
        [_input_table_js__WEBPACK_IMPORTED_MODULE_3__/* .FIELDS */ .cJ.columns.name, [...(columns?.keys() ?? [])].filter((name) => name !== null)],
    ];
    return named.flatMap(([field, conditions]) => {
        const wrong = conditions.find((name) => !names.includes(name));
        if (wrong === undefined)
            return [];
        const near = (0,_text_nearest_name_js__WEBPACK_IMPORTED_MODULE_4__/* .findNearest */ .q)(names, wrong, () => 2);
        const meant = near === undefined ? '' : `: did you mean “${near}”?`;
        return [[field, `names a condition that does not exist${meant}`]];
    });
}
function lacksKnownBy({ gate, knownBy }) {
    const gated = gate.conditions.filter(({ severity }) => severity === 'fail');
    return gated.length > 0 && gated.every((condition) => (0,_gate_field_lists_js__WEBPACK_IMPORTED_MODULE_5__/* .fieldsFor */ .VV)(knownBy, condition).length === 0);
}
const MAX_RUNS = 20;
const MAX_NAME = 64;
const QUOTE_CONDITIONS = '; a condition inside `{…}` must be quoted';
const ENTRY_KEYS = _input_table_js__WEBPACK_IMPORTED_MODULE_3__/* .ENTRY_PROPERTIES */ .Ry.map((one) => _input_table_js__WEBPACK_IMPORTED_MODULE_3__/* .FIELDS */ .cJ[one].name);
async function readRuns(text, step, holdsSecret) {
    let mapping;
    try {
        const { readYaml } = await Promise.all(/* import() */[__nccwpck_require__.e(815), __nccwpck_require__.e(950)]).then(__nccwpck_require__.bind(__nccwpck_require__, 8950));
        mapping = readYaml(text, ['waivers']).mapping('names to runs');
    }
    catch (error) {
        const { message } = error;
        const hint = error instanceof SyntaxError && text.includes('{') ? QUOTE_CONDITIONS : '';
        return { entries: [], faults: [`${message}${hint}`] };
    }
    if (mapping.size > MAX_RUNS)
        return { entries: [], faults: [`has ${mapping.size} entries: ${MAX_RUNS} at most`] };
    const entries = [];
    const faults = mapping.size === 0 ? ['has no entry'] : [];
    const names = new Map();
    for (const [rawName, value] of mapping) {
        const name = rawName.trim();
        const earlierName = names.get(name.toLowerCase());
        names.set(name.toLowerCase(), name);
        if (name === '' || name.length > MAX_NAME || /\p{C}|\p{Zl}|\p{Zp}/u.test(name))
            faults.push(`has a name that is empty, over ${MAX_NAME} characters or with control characters`);
        else if (holdsSecret(name))
            faults.push('has a name that contains a secret, and reports would show it');
        else {
            if (earlierName !== undefined)
                faults.push(`has the names “${earlierName}” and “${name}”, which are equal for GitHub`);
            const read = await readEntry(value, step, holdsSecret);
            faults.push(...read.faults.map((fault) => (0,_input_table_js__WEBPACK_IMPORTED_MODULE_3__/* .joinSentence */ .W0)(`entry “${name}”`, fault)));
            entries.push({ ...read.entry, name });
        }
    }
    if (faults.length === 0)
        faults.push(...findSameReviews(entries));
    return { entries, faults: [...new Set(faults)] };
}
function findSameReviews(entries) {
    const groups = Map.groupBy(entries, (entry) => {
        const { workflowId, projectId, inputs, runId, idempotencyKey, gate, knownBy, waivers } = entry;
        return (0,_intent_js__WEBPACK_IMPORTED_MODULE_1__/* .canonicalJson */ .dj)([
            [workflowId, projectId, inputs, runId, idempotencyKey],
            gate.conditions.map(({ severity, name, expression }) => [severity, name, expression]),
            [...knownBy].map(([name, fields]) => [name, fields]),
            waivers.map(({ match, condition, because, until, count }) => [
                [...match].map(([field, text]) => [field, text]),
                condition,
                because,
                until,
                count,
            ]),
        ]);
    });
    return [...groups.values()].flatMap((same) => {
        if (same.length < 2)
            return [];
        const names = same.map(({ name }) => `“${name}”`);
        const pasted = same[0]?.runId === '' ? 'project_id' : 'run_id';
        return [
            `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''} are the same review: is one \`${pasted}\` pasted twice?`,
        ];
    });
}
async function readEntry(value, step, holdsSecret) {
    const faults = [];
    const fields = (0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .isJsonObject */ .OW)(value) ? value : {};
    if (value !== null && !(0,_json_js__WEBPACK_IMPORTED_MODULE_2__/* .isJsonObject */ .OW)(value))
        faults.push('must be a mapping such as `{ project_id: 8f2e… }`');
    for (const key of Object.keys(fields))
        if (!ENTRY_KEYS.includes(key))
            faults.push(describeUnknownEntryKey(key));
    const rawField = (name) => fields[name];
    const hasField = (name) => !(0,_input_table_js__WEBPACK_IMPORTED_MODULE_3__/* .isEmpty */ .Im)(rawField(name));
    const fault = (name, what) => faults.push((0,_input_table_js__WEBPACK_IMPORTED_MODULE_3__/* .joinSentence */ .W0)(`\`${name}\``, what));
    const entryValues = await (0,_input_table_js__WEBPACK_IMPORTED_MODULE_3__/* .readFields */ .qU)(_input_table_js__WEBPACK_IMPORTED_MODULE_3__/* .ENTRY_PROPERTIES */ .Ry, rawField, holdsSecret, fault);
    const isAttached = hasField('run_id');
    if (isAttached) {
        for (const name of ['project_id', 'inputs', 'idempotency_key'])
            if (hasField(name))
                faults.push(`has a \`run_id\`, so \`${name}\` has no effect: remove it`);
    }
    else if (!hasField('workflow_id') && step.workflowId === '') {
        faults.push('needs a `workflow_id`: give it in the entry, or for all entries in `workflow_id`');
    }
    if (!step.wait)
        for (const name of ['fail_if', 'warn_if', 'run_id'])
            if (hasField(name) && !(0,_input_table_js__WEBPACK_IMPORTED_MODULE_3__/* .isNone */ .$I)(rawField(name)))
                faults.push(`has a \`${name}\`, which cannot be together with \`wait: false\``);
    const isOther = entryValues.workflowId !== undefined && entryValues.workflowId !== step.workflowId;
    if (isOther && !isAttached && !hasField('inputs') && Object.keys(step.inputs).length > 0)
        faults.push("has another `workflow_id` than the step, so it cannot use the step's `inputs`: give it all that it needs, `inputs: {}` for none");
    const { failIf, warnIf, knownBy, waivers, columns } = step;
    const base = isAttached ? { ..._input_table_js__WEBPACK_IMPORTED_MODULE_3__/* .DEFAULTS */ .zY, failIf, warnIf, knownBy, waivers, columns } : step;
    const values = {
        ...base,
        ...entryValues,
        inputs: { ...(isOther ? {} : base.inputs), ...entryValues.inputs },
    };
    const gate = await (0,_gate_gate_js__WEBPACK_IMPORTED_MODULE_0__/* .compileGate */ .r)(values.failIf, values.warnIf);
    const faultOf = async (failIf = '', warnIf = '') => (await (0,_gate_gate_js__WEBPACK_IMPORTED_MODULE_0__/* .compileGate */ .r)(failIf, warnIf)).fault;
    const gateFault = gate.fault === '' ? '' : await faultOf(entryValues.failIf, entryValues.warnIf);
    const isOfStep = gate.fault !== '' && (await faultOf(step.failIf, step.warnIf)) !== '';
    const conditionFault = gateFault !== '' || isOfStep ? gateFault : gate.fault;
    for (const [name, what] of gate.fault !== '' ? [] : findUnknownConditions(entryValues, [gate]))
        fault(name, what);
    if (conditionFault !== '')
        faults.push(`has a condition that cannot be used: ${conditionFault}`);
    const entryGate = rawField(_input_table_js__WEBPACK_IMPORTED_MODULE_3__/* .FIELDS */ .cJ.failIf.name);
    const isGated = entryGate === undefined ? base.failIf !== '' : !(0,_input_table_js__WEBPACK_IMPORTED_MODULE_3__/* .isNone */ .$I)(entryGate);
    return { entry: { ...values, gate, isGated }, faults };
}
function describeUnknownEntryKey(key) {
    const near = (0,_text_nearest_name_js__WEBPACK_IMPORTED_MODULE_4__/* .findNearest */ .q)(ENTRY_KEYS, key, () => 2);
    const shown = /^[\w-]{1,40}$/.test(key) ? `an unknown key \`${key}\`` : 'an unknown key';
    return near === undefined
        ? `has ${shown}. There are ${ENTRY_KEYS.map((known) => `\`${known}\``).join(', ')}${QUOTE_CONDITIONS}`
        : `has ${shown}: did you mean \`${near}\`?`;
}


/***/ }),

/***/ 3332:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   L1: () => (/* binding */ readCredentials),
/* harmony export */   TS: () => (/* binding */ detectKeyKind),
/* harmony export */   iZ: () => (/* binding */ readApiKey),
/* harmony export */   ql: () => (/* binding */ readSecrets)
/* harmony export */ });
/* harmony import */ var node_querystring__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(1792);
/* harmony import */ var node_querystring__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__nccwpck_require__.n(node_querystring__WEBPACK_IMPORTED_MODULE_0__);

function readApiKey(environment) {
    return (environment.INPUT_API_KEY ?? '').trim() || (environment.ALLOOVIUM_API_KEY ?? '').trim();
}
function readCredentials(environment) {
    const key = readApiKey(environment);
    const token = (environment.INPUT_GITHUB_TOKEN ?? '').trim();
    return keepLongSecrets([key, token]
        .flatMap((whole) => [whole, ...whole.split(/\s+/)])
        .flatMap((part) => [part, part.replace(/^["'`]+|["'`]+$/g, '')]));
}
function readSecrets(environment) {
    const passwords = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'].flatMap((name) => {
        const value = environment[name] ?? '';
        return PROXY_PASSWORDS.map((pattern) => pattern.exec(value)?.[1] ?? '');
    });
    return keepLongSecrets([
        ...readCredentials(environment),
        ...passwords.flatMap((one) => [one, (0,node_querystring__WEBPACK_IMPORTED_MODULE_0__.unescape)(one)]),
    ]);
}
const PROXY_PASSWORDS = [/^(?:[\w+.-]*:)?(?:\/\/)?[^:@/]*:([^@]*)@/, /^(?:[\w+.-]*:)?(?:\/\/)?[^:@/]*:(.*)@/];
function keepLongSecrets(secrets) {
    return [...new Set(secrets)].filter((secret) => secret.length >= 8);
}
function detectKeyKind(apiKey) {
    return apiKey.startsWith('ak_live_') ? 'live' : apiKey.startsWith('ak_test_') ? 'test' : null;
}


/***/ }),

/***/ 7609:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Gp: () => (/* binding */ createResumeKeys),
/* harmony export */   Ld: () => (/* binding */ MAX_RERUN_KEYS),
/* harmony export */   WD: () => (/* binding */ createIntentKey),
/* harmony export */   dj: () => (/* binding */ canonicalJson),
/* harmony export */   gO: () => (/* binding */ createLaunchBody),
/* harmony export */   lo: () => (/* binding */ isOfThisAttempt),
/* harmony export */   m9: () => (/* binding */ createFreshKey)
/* harmony export */ });
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(7598);
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__nccwpck_require__.n(node_crypto__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(8301);


function createIntentKey({ keyScope, repository, workflowId, projectId, inputs }) {
    const digest = (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.createHash)('sha256').update(canonicalJson([repository, workflowId, projectId, inputs]));
    return `gha_${keyScope}_${digest.digest('hex').slice(0, 32)}`;
}
function createLaunchBody({ projectId, inputs }) {
    return canonicalJson({
        ...(Object.keys(inputs).length === 0 ? {} : { inputs }),
        ...(projectId === '' ? {} : { project_id: projectId }),
    });
}
function canonicalJson(value) {
    return JSON.stringify(value, (_key, part) => (0,_json_js__WEBPACK_IMPORTED_MODULE_1__/* .isJsonObject */ .OW)(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part);
}
const MAX_RERUN_KEYS = 20;
function createResumeKeys(key) {
    return Array.from({ length: MAX_RERUN_KEYS }, (_, index) => (index === 0 ? key : `${key}_${index + 1}`));
}
function createFreshKey(key, jobRunId, attempt) {
    return `${key}_run-${jobRunId}-${attempt}`;
}
const CLOCK_TOLERANCE_MS = 2_000;
function isOfThisAttempt(createdAt, beganAtMs) {
    return Date.parse(createdAt) >= beganAtMs - CLOCK_TOLERANCE_MS;
}


/***/ }),

/***/ 8301:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   DD: () => (/* binding */ asList),
/* harmony export */   ID: () => (/* binding */ ID),
/* harmony export */   J5: () => (/* binding */ checkLimits),
/* harmony export */   Lv: () => (/* binding */ isList),
/* harmony export */   N3: () => (/* binding */ JsonError),
/* harmony export */   OW: () => (/* binding */ isJsonObject),
/* harmony export */   Wg: () => (/* binding */ asCount),
/* harmony export */   Wp: () => (/* binding */ throwDamaged),
/* harmony export */   e1: () => (/* binding */ asText),
/* harmony export */   eB: () => (/* binding */ asObject),
/* harmony export */   qF: () => (/* binding */ parseJson),
/* harmony export */   s7: () => (/* binding */ JSON_LIMITS),
/* harmony export */   zr: () => (/* binding */ isExactNumber)
/* harmony export */ });
const json = JSON;
const JSON_LIMITS = { bytes: 8 * 1024 * 1024, depth: 64, values: 200_000 };
class JsonError extends Error {
    name = 'JsonError';
    isOverLimit;
    repeated;
    constructor(message, isOverLimit, repeated = null) {
        super(message);
        this.isOverLimit = isOverLimit;
        this.repeated = repeated;
    }
}
function isExactNumber(value) {
    return json.isRawJSON(value);
}
function isList(value) {
    return Array.isArray(value);
}
function isJsonObject(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value) && !isExactNumber(value);
}
function parseJson(bytes) {
    const { areNumbersPlain, keys } = checkLimits(bytes, JSON_LIMITS);
    let text;
    let value;
    try {
        text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
        value = areNumbersPlain
            ? JSON.parse(text)
            : json.parse(text, (_key, value, { source }) => typeof value === 'number' && source !== undefined && String(value) !== source
                ? json.rawJSON(source)
                : value);
    }
    catch (error) {
        throw new JsonError(`the text is not valid ${error instanceof SyntaxError ? 'JSON' : 'UTF-8'}`, false);
    }
    if (countKeys(value) < keys)
        throw new JsonError('the text has a key twice', false, findRepeatedKey(text));
    return value;
}
function countKeys(value) {
    if (isList(value))
        return value.reduce((sum, item) => sum + countKeys(item), 0);
    if (!isJsonObject(value))
        return 0;
    return Object.values(value).reduce((sum, item) => sum + 1 + countKeys(item), 0);
}
function findRepeatedKey(text) {
    const objects = [];
    for (let at = 0; at < text.length; at++) {
        if (text[at] === '{')
            objects.push(new Set());
        if (text[at] === '}')
            objects.pop();
        if (text[at] !== '"')
            continue;
        const start = at++;
        while (text[at] !== '"')
            at += text[at] === '\\' ? 2 : 1;
        const keys = objects.at(-1);
        BEFORE_VALUE.lastIndex = at + 1;
        if (keys === undefined || !BEFORE_VALUE.test(text))
            continue;
        const key = JSON.parse(text.slice(start, at + 1));
        if (keys.has(key))
            return { key, depth: objects.length };
        keys.add(key);
    }
    return null;
}
const BEFORE_VALUE = /\s*:/y;
function checkLimits(bytes, caps) {
    if (bytes.length > caps.bytes)
        throw new JsonError(`the text is over ${caps.bytes / 2 ** 20} MiB`, true);
    const QUOTE = 0x22;
    const BACKSLASH = 0x5c;
    const COMMA = 0x2c;
    const COLON = 0x3a;
    let depth = 0;
    let values = 1;
    let keys = 0;
    let isEmptySoFar = false;
    let areNumbersPlain = true;
    for (let at = 0; at < bytes.length; at++) {
        const byte = bytes[at] ?? 0;
        const closes = byte === 0x7d || byte === 0x5d;
        if (isEmptySoFar && byte > 0x20) {
            isEmptySoFar = false;
            if (!closes)
                values++;
        }
        if (byte === QUOTE) {
            at++;
            while (at < bytes.length && bytes[at] !== QUOTE)
                at += bytes[at] === BACKSLASH ? 2 : 1;
        }
        else if (closes)
            depth--;
        else if (byte === COMMA)
            values++;
        else if (byte === COLON)
            keys++;
        else if (byte === 0x7b || byte === 0x5b) {
            depth++;
            isEmptySoFar = true;
            if (depth > caps.depth)
                throw new JsonError(`the text is nested more than ${caps.depth} deep`, true);
        }
        else if (areNumbersPlain && isDigitOrMinus(byte)) {
            let source = String.fromCharCode(byte);
            while (isInNumber(bytes[at + 1]) && source.length < 26)
                source += String.fromCharCode(bytes[++at] ?? 0);
            areNumbersPlain = String(Number(source)) === source;
        }
        if (values > caps.values)
            throw new JsonError(`the text has more than ${caps.values / 1_000},000 values`, true);
    }
    return { areNumbersPlain, keys };
}
function isDigitOrMinus(byte) {
    return (byte >= 0x30 && byte <= 0x39) || byte === 0x2d;
}
function isInNumber(byte = 0) {
    return isDigitOrMinus(byte) || byte === 0x2e || byte === 0x65 || byte === 0x45 || byte === 0x2b;
}
const ID = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/;
function throwDamaged() {
    throw new Error('damaged');
}
const asText = (value, pattern = /^/) => typeof value === 'string' && pattern.test(value) ? value : throwDamaged();
const asList = (value = null) => (isList(value) ? value : throwDamaged());
const asObject = (value) => (isJsonObject(value) ? value : throwDamaged());
const asCount = (value) => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : throwDamaged();


/***/ }),

/***/ 1496:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  e: () => (/* binding */ run)
});

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __nccwpck_require__(7598);
;// CONCATENATED MODULE: ./src/gate/baseline-rules.ts
const BASELINE_EVENTS = new Set([
    'push',
    'schedule',
    'workflow_dispatch',
    'repository_dispatch',
]);
function findUsableItems(file, review) {
    const { commit, time } = file;
    const run = file.runs.get(review.name);
    if (run === undefined)
        return `the baseline ${review.name === '' ? 'was written by a step with `runs`' : 'has no run of that name'}`;
    if (run.workflow_id === '' || run.workflow_id !== review.workflowId)
        return 'the baseline was written for another workflow';
    const pairs = [
        [run.project_id, review.projectId, 'another project'],
        [run.inputs_digest, review.inputsDigest, 'other inputs'],
    ];
    for (const [then, now, what] of pairs) {
        if (then === null || now === null)
            return `the baseline may have been written for ${what}: with \`run_id\` the action cannot know`;
        if (then !== now)
            return `the baseline was written for ${what}`;
    }
    const isFromThisRun = isOfThisRun(file, run, review);
    return {
        conditions: run.conditions,
        limit: whyLimited(file, run, review),
        isByHand: file.event === 'workflow_dispatch',
        isRed: run.gate === 'failed',
        leftOut: [...run.conditions.values()].reduce((sum, { leftOut }) => sum + leftOut, 0),
        isFromThisRun,
        since: isFromThisRun ? { commit: run.baseline_commit ?? '', time: '' } : { commit, time },
    };
}
function isOfThisRun(file, run, { runId, job }) {
    return run.run_id === runId || file.job_run === job.jobRunId;
}
function whyLimited(file, run, review) {
    const { job, isByCommit } = review;
    const isByHand = file.event === 'workflow_dispatch';
    const isNightly = file.event === 'schedule' && job.event === 'schedule';
    if (isOfThisRun(file, run, review))
        return 'was written by this job run, or for this run';
    if (!BASELINE_EVENTS.has(file.event))
        return `was written on ${quoteName(file.event, 'another event')}`;
    if (file.pull_request !== null)
        return 'was written for a pull request';
    if (file.ref === '' || file.ref !== job.defaultBranchRef)
        return `was written on ${quoteName(file.ref.replace(/^refs\/heads\//, ''), 'another branch')}`;
    if (!isByHand && isByCommit && file.commit === job.commit)
        return 'was written for this commit';
    if (run.gate === 'failed' && !isByHand && !isNightly)
        return `was written on \`${file.event}\`, and its gate failed`;
    return '';
}
function whyNotFull(file, job, isByCommit) {
    if (typeof file === 'string')
        return file;
    const known = { runId: '', job, isByCommit };
    const limits = [...file.runs.values()].map((run) => whyLimited(file, run, known));
    return limits.includes('')
        ? ''
        : `no review of that branch counts in full: the last one ${limits[0] ?? ''}`;
}
function quoteName(name, otherwise) {
    return /^[\w./-]{1,100}$/.test(name) ? `\`${name}\`` : otherwise;
}
function decideKnownTo({ isKnown, isOnSchedule }, { limit, isByHand, isRed }, areMarksUsable) {
    const isMarked = isKnown && areMarksUsable;
    if (limit !== '' && !isMarked)
        return 'nobody';
    if (limit === '' && isByHand)
        return 'everybody';
    const isUnaccepted = isOnSchedule || (limit === '' && isRed && !isMarked);
    return isUnaccepted ? 'schedules' : 'everybody';
}

// EXTERNAL MODULE: ./src/json.ts
var src_json = __nccwpck_require__(8301);
// EXTERNAL MODULE: ./src/gate/item-identity.ts
var item_identity = __nccwpck_require__(9763);
;// CONCATENATED MODULE: ./src/gate/gate-file.ts



const VERSION = 1;
const SHA_OR_EMPTY = /^(?:[0-9a-f]{40}|[0-9a-f]{64})?$/;
const BUDGET = { bytes: src_json/* JSON_LIMITS */.s7.bytes - 64 * 1024, values: src_json/* JSON_LIMITS */.s7.values - 500 };
function packRun(about, results, budget) {
    const heads = results.map(({ condition, result, matched, unmatched, waived, known, problem, knownBy }) => ({
        ...condition,
        result,
        matched_count: matched.length,
        known_count: known?.filter((isKnown) => isKnown).length ?? null,
        waived_count: waived.length,
        of: unmatched && matched.length + waived.length + unmatched.length,
        problem,
        known_by: knownBy,
        left_out: matched.length + waived.length,
    }));
    const took = {
        bytes: Buffer.byteLength(JSON.stringify([about, heads])),
        values: 30 + 40 * results.length,
    };
    const items = [];
    const placeOf = new Map();
    const placeItem = (item) => {
        let place = typeof item === 'object' ? placeOf.get(item) : undefined;
        const json = place === undefined ? JSON.stringify(item) : '';
        const bytes = took.bytes + Buffer.byteLength(json) + 24;
        const values = took.values + 2 + (place === undefined ? countValues(item) : 0);
        if (place === null || bytes > budget.bytes || values > budget.values)
            place = null;
        else {
            Object.assign(took, { bytes, values });
            place ??= items.push(json) - 1;
        }
        if (typeof item === 'object')
            placeOf.set(item, place);
        return place;
    };
    let leftOut = 0;
    const conditions = results.map((one, nth) => {
        const matched = [];
        const known = [];
        const knownOnSchedule = [];
        for (const [at, item] of one.matched.entries()) {
            const place = placeItem(item);
            if (place === null)
                continue;
            if (one.knownOnSchedule.has(at))
                knownOnSchedule.push(matched.length);
            else if (one.known?.[at] === true)
                known.push(matched.length);
            matched.push(place);
        }
        const waived = one.waived.map(({ item }) => placeItem(item)).filter((place) => place !== null);
        const missing = one.matched.length + one.waived.length - matched.length - waived.length;
        leftOut += missing;
        return JSON.stringify({
            ...heads[nth],
            left_out: missing,
            matched,
            known: one.known && known,
            known_on_schedule: one.known && knownOnSchedule,
            waived,
        });
    });
    const listed = (name, all) => `  "${name}": [${all.map((one) => `\n    ${one}`).join(',')}\n  ]`;
    const head = JSON.stringify(about, null, 2).slice(1, -2);
    return { text: [head, listed('items', items), listed('conditions', conditions)].join(',\n'), leftOut };
}
function countValues(value, depth = 5) {
    if (typeof value !== 'object' || value === null || (0,src_json/* isExactNumber */.zr)(value))
        return 1;
    if (depth > src_json/* JSON_LIMITS */.s7.depth)
        return Infinity;
    return Object.values(value).reduce((sum, one) => sum + countValues(one, depth + 1), 1);
}
function formatGateFile(head, ...pieces) {
    return [`${JSON.stringify({ version: VERSION, ...head }, null, 2).slice(0, -2)},`, ...pieces, '\n}\n'];
}
function formatGateFileRuns(runs) {
    const pieces = runs.flatMap(([name, piece], at) => [
        `${at === 0 ? '' : ','}\n  ${JSON.stringify(name)}: {`,
        piece,
        '\n  }',
    ]);
    return ['\n  "runs": {', ...pieces, '\n  }'];
}
function readGateFile(bytes) {
    if (bytes === 'missing')
        return 'there is no baseline yet (`baseline_file` does not exist)';
    if (bytes === 'too_large')
        return 'the baseline is over 8 MiB';
    try {
        return readWholeFile((0,src_json/* asObject */.eB)((0,src_json/* parseJson */.qF)(bytes)));
    }
    catch (error) {
        return error instanceof src_json/* JsonError */.N3
            ? 'the baseline is damaged or too large to read'
            : `the baseline is not a complete \`gate_file\` of version ${VERSION}`;
    }
}
function readWholeFile(json) {
    if (json.version !== VERSION)
        (0,src_json/* throwDamaged */.Wp)();
    const all = Object.hasOwn(json, 'runs') ? Object.entries((0,src_json/* asObject */.eB)(json.runs)) : [['', json]];
    if (all.length === 0)
        (0,src_json/* throwDamaged */.Wp)();
    return {
        event: (0,src_json/* asText */.e1)(json.event),
        ref: (0,src_json/* asText */.e1)(json.ref),
        job_run: (0,src_json/* asText */.e1)(json.job_run),
        time: (0,src_json/* asText */.e1)(json.time),
        commit: (0,src_json/* asText */.e1)(json.commit, SHA_OR_EMPTY),
        pull_request: json.pull_request === null ? null : (0,src_json/* asCount */.Wg)(json.pull_request),
        runs: new Map(all.map(([name, run]) => [name, readRun((0,src_json/* asObject */.eB)(run))])),
    };
}
function readRun(run) {
    const items = (0,src_json/* asList */.DD)(run.items);
    const all = (0,src_json/* asList */.DD)(run.conditions).map(src_json/* asObject */.eB);
    const ids = (0,item_identity/* identifyConditions */.F1)(all.map((one) => ({ name: asTextOrNull(one.name), expression: (0,src_json/* asText */.e1)(one.expression) })));
    const conditions = all.map((one) => readCondition(one, items));
    const places = new Set(conditions.flatMap((one) => one.places));
    if (places.size < items.length)
        (0,src_json/* throwDamaged */.Wp)();
    return {
        gate: (0,src_json/* asText */.e1)(run.gate, /^(?:passed|failed|none)$/),
        run_id: (0,src_json/* asText */.e1)(run.run_id, src_json.ID),
        workflow_id: (0,src_json/* asText */.e1)(run.workflow_id),
        project_id: asTextOrNull(run.project_id),
        inputs_digest: asTextOrNull(run.inputs_digest),
        baseline_commit: asTextOrNull(run.baseline_commit, SHA_OR_EMPTY),
        conditions: new Map(conditions.map((one, at) => [ids[at] ?? '', one])),
    };
}
function readCondition(one, items) {
    const matched = (0,src_json/* asList */.DD)(one.matched).map((at) => asIndex(at, items));
    const waived = (0,src_json/* asList */.DD)(one.waived).map((at) => asIndex(at, items));
    const marksIn = (list) => new Set(list === null ? [] : (0,src_json/* asList */.DD)(list).map((at) => asIndex(at, matched)));
    const known = marksIn(one.known);
    const knownOnSchedule = marksIn(one.known_on_schedule);
    const markCount = known.size + knownOnSchedule.size;
    const knownCount = one.known_count === null ? null : (0,src_json/* asCount */.Wg)(one.known_count);
    const leftOut = (0,src_json/* asCount */.Wg)(one.left_out);
    const result = (0,src_json/* asText */.e1)(one.result, /^(?:holds|does_not_hold|cannot_be_evaluated)$/);
    const matchedCount = (0,src_json/* asCount */.Wg)(one.matched_count);
    const waivedCount = (0,src_json/* asCount */.Wg)(one.waived_count);
    const isWhole = matched.length <= matchedCount &&
        waived.length <= waivedCount &&
        matchedCount + waivedCount === matched.length + waived.length + leftOut &&
        (knownCount === null) === (one.known === null) &&
        (knownCount === null) === (one.known_on_schedule === null) &&
        known.isDisjointFrom(knownOnSchedule) &&
        (knownCount ?? 0) >= known.size &&
        (leftOut > 0 || (knownCount ?? 0) <= markCount);
    if (!isWhole)
        (0,src_json/* throwDamaged */.Wp)();
    return {
        isEvaluated: result !== 'cannot_be_evaluated',
        knownBy: (0,src_json/* asList */.DD)(one.known_by).map((field) => (0,src_json/* asText */.e1)(field)),
        matched: matched.map((at, nth) => ({
            item: items[at] ?? null,
            isKnown: known.has(nth) || knownOnSchedule.has(nth),
            isOnSchedule: knownOnSchedule.has(nth),
        })),
        leftOut,
        places: [...matched, ...waived],
    };
}
const asTextOrNull = (value, pattern) => value === null ? null : (0,src_json/* asText */.e1)(value, pattern);
const asIndex = (value, within) => typeof value === 'number' && Number.isInteger(value) && value in within ? value : (0,src_json/* throwDamaged */.Wp)();

// EXTERNAL MODULE: ./src/intent.ts
var intent = __nccwpck_require__(7609);
// EXTERNAL MODULE: ./src/text/format.ts
var format = __nccwpck_require__(8488);
;// CONCATENATED MODULE: ./src/gate/inputs-digest.ts




const DAY = String.raw `(?<day>\d{4}-\d\d-\d\d)`;
const TIME = String.raw `(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?`;
const DAY_OR_TIME = new RegExp(`^(?:${DAY}(?:[Tt ]${TIME})?|${TIME})(?:[Zz]|[+-]\\d\\d:?\\d\\d)?$`);
function digestInputs(inputs, jobValues) {
    const compared = (value) => {
        if ((0,src_json/* isList */.Lv)(value))
            return value.map(compared);
        if ((0,src_json/* isJsonObject */.OW)(value))
            return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, compared(one)]));
        const text = typeof value === 'string' ? value : JSON.stringify(value);
        return jobValues.includes(text) || isDayOrTime(text) ? '\0' : value;
    };
    return (0,item_identity/* digest */.br)((0,intent/* canonicalJson */.dj)(compared(inputs)));
}
function isDayOrTime(text) {
    const found = DAY_OR_TIME.exec(text);
    const day = found?.groups?.day;
    return found !== null && (day === undefined || (0,format/* isDay */.N)(day));
}

// EXTERNAL MODULE: ./src/safe-url.ts
var safe_url = __nccwpck_require__(5518);
// EXTERNAL MODULE: ./src/github/read-field.ts
var read_field = __nccwpck_require__(3614);
// EXTERNAL MODULE: ./src/github/github-api.ts
var github_api = __nccwpck_require__(389);
;// CONCATENATED MODULE: ./src/github/baseline-artifact.ts





const PER_PAGE = 100;
const MAX_PAGES = 3;
const MAX_CANDIDATES = 5;
const MAX_BYTES = 8 * 1024 * 1024;
const MAX_DOWNLOADS = 2;
const NOT_FETCHED = 'the baseline could not be fetched';
class NoBaseline extends Error {
}
async function fetchBaseline(wanted, deps) {
    const deadline = deps.clock.now() + wanted.budgetMs;
    const api = await (0,github_api/* connectToGithub */.DK)(wanted, deps, wanted.budgetMs);
    try {
        return { content: await fetchFirstUsable(wanted, api, { ...deps, deadline }) };
    }
    catch (error) {
        deps.signal.throwIfAborted();
        return { reason: describeError(error) };
    }
    finally {
        await api.close();
    }
}
function describeError(error) {
    if (error instanceof NoBaseline)
        return error.message;
    if (!(error instanceof github_api/* CallFailed */.Ep))
        return NOT_FETCHED;
    if (error.why === 403 || error.why === 401)
        return `${NOT_FETCHED} (${error.why}): give the job \`permissions: { actions: read, contents: read }\``;
    return `${NOT_FETCHED}: ${(0,github_api/* describeCause */.V$)(error)}`;
}
async function fetchFirstUsable(wanted, api, deps) {
    const { branch, repositoryId, jobRunId } = wanted;
    const { candidates, isComplete } = await listCandidates(wanted, api);
    const ofBranch = candidates.filter((one) => one.headRepositoryId === repositoryId &&
        one.headBranch === branch &&
        String(one.runId) !== jobRunId &&
        one.sizeInBytes <= MAX_BYTES);
    const kept = ofBranch.filter(({ isExpired }) => !isExpired).slice(0, MAX_CANDIDATES);
    if (kept.length === 0 && ofBranch.length > 0)
        throw new NoBaseline(`the baseline of \`${branch}\` has expired: run this workflow there again`);
    if (kept.length === 0)
        throw new NoBaseline(describeMissing(wanted, isComplete));
    const branchHead = await readBranchHead(branch, api);
    const reasons = [];
    for (const candidate of kept) {
        try {
            await checkRun(candidate, branchHead, wanted, api);
            const content = await download(candidate, api, deps);
            const whyNotFull = wanted.whyNotFull(content);
            if (whyNotFull === '')
                return content;
            reasons.push(whyNotFull);
        }
        catch (error) {
            if (!(error instanceof NoBaseline))
                throw error;
            reasons.push(error.message);
        }
    }
    throw new NoBaseline(reasons[0] ?? '');
}
function describeMissing({ name, branch }, isComplete) {
    if (!isComplete)
        return `the baseline of \`${branch}\` is not among the newest ${MAX_PAGES * PER_PAGE} artifacts called \`${name}\``;
    return (`the branch \`${branch}\` has no artifact \`${name}\`: a review there uploads it if it is green or was run by hand, its workflow file, ` +
        'job, step `id`, `title`, project and inputs are the same, and its upload step has `archive: false`');
}
async function listCandidates({ name }, { call, repository }) {
    const candidates = [];
    let isComplete = false;
    for (let page = 1; page <= MAX_PAGES && !isComplete; page++) {
        const list = await call(`GET ${repository}/actions/artifacts`, { name, per_page: PER_PAGE, page }, (data) => {
            const artifacts = (0,read_field/* readPath */.G7)(data, 'artifacts');
            return Array.isArray(artifacts) ? artifacts : null;
        });
        isComplete = list.length < PER_PAGE;
        candidates.push(...list.flatMap((one) => readCandidate(one, name) ?? []));
    }
    candidates.sort((a, b) => b.runId - a.runId || b.id - a.id);
    return { candidates, isComplete };
}
function readCandidate(data, name) {
    const id = (0,read_field/* readNumber */.kz)(data, 'id');
    const runId = (0,read_field/* readNumber */.kz)(data, 'workflow_run', 'id');
    const headRepositoryId = (0,read_field/* readNumber */.kz)(data, 'workflow_run', 'head_repository_id');
    const sizeInBytes = (0,read_field/* readNumber */.kz)(data, 'size_in_bytes');
    if (id === null || runId === null || headRepositoryId === null || sizeInBytes === null)
        return null;
    if ((0,read_field/* readText */.yR)(data, 'name') !== name)
        return null;
    return {
        id,
        runId,
        headRepositoryId,
        sizeInBytes,
        isExpired: (0,read_field/* readPath */.G7)(data, 'expired') !== false,
        headBranch: (0,read_field/* readText */.yR)(data, 'workflow_run', 'head_branch'),
        digest: (0,read_field/* readText */.yR)(data, 'digest'),
    };
}
async function readBranchHead(branch, { call, repository }) {
    const path = branch.split('/').map(encodeURIComponent).join('/');
    try {
        return await call(`GET ${repository}/git/ref/heads/${path}`, {}, (data) => {
            return (0,read_field/* readText */.yR)(data, 'ref') === `refs/heads/${branch}` ? (0,read_field/* readSha */.tU)(data, 'object', 'sha') : null;
        });
    }
    catch (error) {
        if (error instanceof github_api/* CallFailed */.Ep && error.why === 404)
            throw new NoBaseline(`there is no branch \`${branch}\``);
        throw error;
    }
}
async function checkRun({ runId }, branchHead, { branch, workflowPath, repository: fullName }, { call, repository }) {
    const run = await call(`GET ${repository}/actions/runs/${runId}`, {}, (data) => {
        const headSha = (0,read_field/* readSha */.tU)(data, 'head_sha');
        return headSha === null
            ? null
            : { headSha, event: (0,read_field/* readText */.yR)(data, 'event'), path: (0,read_field/* readText */.yR)(data, 'path') };
    }).catch((error) => {
        if (error instanceof github_api/* CallFailed */.Ep && error.why === 404)
            return null;
        throw error;
    });
    if (run === null)
        throw new NoBaseline(`the workflow run that wrote the baseline of \`${branch}\` was not found`);
    if (!BASELINE_EVENTS.has(run.event))
        throw new NoBaseline(`the artifact of \`${branch}\` was not written on a push, a schedule or a dispatch`);
    const filePath = workflowPath.slice(fullName.length + 1);
    if (filePath === '' || run.path.replace(/@.*$/s, '') !== filePath)
        throw new NoBaseline(`the artifact of \`${branch}\` was written by another workflow file`);
    const status = await call(`GET ${repository}/compare/${branchHead}...${run.headSha}`, { per_page: 1 }, (data) => (0,read_field/* readText */.yR)(data, 'status') || null).catch((error) => {
        if (error instanceof github_api/* CallFailed */.Ep && error.why === 404)
            return 'unknown';
        throw error;
    });
    if (status !== 'behind' && status !== 'identical')
        throw new NoBaseline(`the artifact was written at a commit that is not on \`${branch}\``);
}
async function download({ id, digest }, api, deps) {
    const statedDigest = /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1];
    if (statedDigest === undefined)
        throw new NoBaseline('GitHub states no digest of the artifact, so its content cannot be checked');
    for (let attempt = 1;; attempt++) {
        const address = await resolveDownloadUrl(id, api);
        const content = await fetchContent(address, deps);
        if (content === null && attempt < MAX_DOWNLOADS)
            continue;
        if (content === null)
            throw new NoBaseline(`${NOT_FETCHED} from GitHub’s artifact store`);
        if (content[0] === 0x50 && content[1] === 0x4b)
            throw new NoBaseline('the artifact is a zip file: its upload step needs `archive: false`');
        if ((0,external_node_crypto_.createHash)('sha256').update(content).digest('hex') !== statedDigest)
            throw new NoBaseline('the downloaded artifact is damaged or was changed: GitHub states another digest');
        return content;
    }
}
async function resolveDownloadUrl(id, { call, repository }) {
    const location = await call(`GET ${repository}/actions/artifacts/${id}/zip`, {}, (_data, headers) => (typeof headers.location === 'string' ? headers.location : null), { isRedirect: true }).catch((error) => {
        if (error instanceof github_api/* CallFailed */.Ep && error.why === 410)
            throw new NoBaseline('the baseline has expired: run this workflow on its branch again');
        throw error;
    });
    const address = URL.parse(location);
    if (address === null || !(0,safe_url/* isSafeUrl */.F)(address))
        throw new NoBaseline('GitHub redirected the download to an address that is not `https:`');
    return address;
}
async function fetchContent(address, { clock, signal, proxyFor, deadline }) {
    const { fetchWhole, close } = await (0,github_api/* openConnections */.qP)(proxyFor(address.href), MAX_BYTES);
    const timeout = new AbortController();
    const done = new AbortController();
    const remainingMs = Math.max(0, deadline - clock.now());
    (0,github_api/* abortLater */.DV)(timeout, clock, Math.min(DOWNLOAD_MS, remainingMs), done.signal);
    try {
        const answer = await fetchWhole(address.href, { signal: AbortSignal.any([signal, timeout.signal]) });
        return answer.status === 200 ? new Uint8Array(await answer.arrayBuffer()) : null;
    }
    catch {
        signal.throwIfAborted();
        return null;
    }
    finally {
        done.abort();
        await close();
    }
}
const DOWNLOAD_MS = 6_000;

// EXTERNAL MODULE: ./node_modules/@actions/http-client/lib/proxy.js
var lib_proxy = __nccwpck_require__(9783);
// EXTERNAL MODULE: ./src/step-error.ts
var step_error = __nccwpck_require__(5406);
;// CONCATENATED MODULE: ./src/inputs/proxy.ts


function findProxy(url, environment) {
    const target = new URL(url);
    if ((0,lib_proxy/* checkBypass */.H)(target))
        return null;
    const names = target.protocol === 'https:' ? ['https_proxy', 'HTTPS_PROXY'] : ['http_proxy', 'HTTP_PROXY'];
    const name = names.find((candidate) => (environment[candidate] ?? '') !== '');
    if (name === undefined)
        return null;
    const throwError = (what) => {
        const headline = `The proxy variable ${name} ${what}`;
        throw new step_error/* StepError */.z(headline, 'Fix it in the environment of the runner: `http://host:port`.');
    };
    const proxy = parseProxyUrl(environment[name] ?? '');
    if (proxy === null || !/^https?:$/.test(proxy.protocol))
        return throwError('is not the URL of an HTTP proxy');
    try {
        [proxy.username, proxy.password].forEach(decodeURIComponent);
    }
    catch {
        return throwError('has a malformed escape in its user name or password');
    }
    return proxy;
}
function parseProxyUrl(value) {
    return URL.parse(value) ?? (/^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? null : URL.parse(`http://${value}`));
}

;// CONCATENATED MODULE: ./src/baseline-source.ts








const MAX_FETCH_MS = 20_000;
function readBaselineFile(host, { baselineFile }) {
    return baselineFile === '' ? null : readGateFile(host.readFile(baselineFile, src_json/* JSON_LIMITS */.s7.bytes));
}
async function downloadBaseline({ host, clock, signal }, { baseline: branch, githubToken, idempotencyKey, timeoutMs }, context, name) {
    if (githubToken === '')
        return `${NOT_FETCHED}: \`github_token\` is empty; leave it out, or give \`\${{ github.token }}\``;
    const { apiUrl, repository, workflowPath, jobRunId } = context;
    const isByCommit = idempotencyKey === '' && context.keyScope === context.commit;
    const proxyOf = (url) => findProxy(url, host.environment)?.href ?? null;
    try {
        const fetched = await fetchBaseline({
            apiUrl,
            token: githubToken,
            repository,
            name,
            branch,
            workflowPath,
            jobRunId,
            budgetMs: Math.min(MAX_FETCH_MS, timeoutMs),
            repositoryId: Number(host.environment.GITHUB_REPOSITORY_ID),
            whyNotFull: (content) => whyNotFull(readGateFile(content), setBaselineBranch(context, branch), isByCommit),
        }, { clock, signal, proxy: proxyOf(apiUrl), proxyFor: proxyOf });
        return 'content' in fetched ? readGateFile(fetched.content) : fetched.reason;
    }
    catch (error) {
        signal.throwIfAborted();
        return `${NOT_FETCHED} (${error instanceof Error ? error.message : 'an unknown fault'})`;
    }
}
function setBaselineBranch(context, branch) {
    return branch === '' ? context : { ...context, defaultBranchRef: `refs/heads/${branch}` };
}
function nameGateFileAndArtifact(inputs, { workflowPath, jobValues }) {
    const { commentKey, authorTitle, runs, workflowId, projectId, inputs: variables } = inputs;
    const review = runs === null ? [workflowId, projectId, digestInputs(variables, jobValues)] : [];
    const identity = (0,intent/* canonicalJson */.dj)([workflowPath, commentKey, authorTitle, review]);
    return `alloovium-gate-${(0,external_node_crypto_.createHash)('sha256').update(identity).digest('hex').slice(0, 16)}.json`;
}

// EXTERNAL MODULE: ./src/alloovium/bucket.ts
var alloovium_bucket = __nccwpck_require__(3362);
// EXTERNAL MODULE: ./src/alloovium/errors.ts
var errors = __nccwpck_require__(459);
// EXTERNAL MODULE: ./src/alloovium/retry.ts
var retry = __nccwpck_require__(3492);
// EXTERNAL MODULE: ./src/alloovium/wire.ts
var wire = __nccwpck_require__(7301);
;// CONCATENATED MODULE: ./src/alloovium/exchange.ts




function createExchange({ transport, apiUrl, apiKey, clock, redact }) {
    let tokensSpent = 0;
    let bucketState = alloovium_bucket/* unknownBucket */.fo;
    let startedCount = 0;
    let inFlight = 0;
    async function exchange({ path, headers: extraHeaders, ...request }, cost, read) {
        let redacted = false;
        const clean = (text) => {
            const safe = redact(text);
            redacted ||= safe !== text;
            return safe;
        };
        const failed = (error, hintMs) => ({
            failure: { error, hintMs, bucketState, cost, redacted },
        });
        let answer;
        const ordinal = ++startedCount;
        const wasAlone = inFlight++ === 0;
        try {
            const headers = { accept: 'application/json', authorization: `Bearer ${apiKey}`, ...extraHeaders };
            answer = await transport({ ...request, url: apiUrl + path, headers });
        }
        catch (error) {
            if (!(error instanceof errors/* ConnectionError */.Rc))
                throw error;
            return failed(error, null);
        }
        finally {
            inFlight--;
        }
        const overlaps = !wasAlone || startedCount > ordinal;
        const facts = readFacts(answer, cost, clock);
        const { at, serverNowMs, replayed, paid } = facts;
        tokensSpent += paid;
        if (!replayed) {
            const bucket = (0,wire/* parseBucket */.W5)(answer.headers, [serverNowMs, clock.date()]);
            bucketState = (0,alloovium_bucket/* observeBucket */.BY)(bucketState, { at, bucket, cost: paid, overlaps });
        }
        const content = readContent(answer, facts, { cost, read, clean });
        if ('error' in content)
            return failed(content.error, content.hintMs);
        const meta = {
            at,
            serverNowMs,
            retryAfterAt: at + (content.hintMs ?? 0),
            redacted,
            replayed,
            wrongContentType: !/\bjson\b/i.test(answer.headers.get('content-type') ?? ''),
        };
        return { ...content.value, meta };
    }
    return {
        exchange,
        bucketState: () => bucketState,
        tokensSpent: () => tokensSpent,
    };
}
function readFacts({ status, headers, bodyError }, cost, clock) {
    const ageMs = bodyError?.ageMs ?? 0;
    const replayed = /^\s*true\s*(?:,|$)/i.test(headers.get('idempotent-replayed') ?? '');
    const reportedCost = (0,wire/* readWholeNumber */.bf)(headers, 'x-ratelimit-cost') ?? cost;
    return {
        at: clock.now() - ageMs,
        ageMs,
        replayed,
        serverNowMs: (replayed ? null : (0,retry/* parseHttpDateMs */.kB)(headers.get('date') ?? '')) ?? clock.date(),
        reportedCost,
        paid: status === 429 || replayed ? 0 : reportedCost,
    };
}
function readContent(answer, { ageMs, serverNowMs, reportedCost }, { cost, read, clean }) {
    const { status, headers, bodyError } = answer;
    const problem = status < 200 || status > 299 ? (0,wire/* parseProblem */.JT)(answer, clean) : null;
    const hintMs = (0,retry/* parseRetryAfterMs */.oR)(headers.get('retry-after') ?? '', problem?.retryAfterSeconds ?? null, serverNowMs);
    if (problem !== null) {
        const limit = (0,wire/* readWholeNumber */.bf)(headers, 'x-ratelimit-limit') ?? Infinity;
        const launchCost = Math.max(cost, reportedCost);
        const isTooSmall = status === 429 && cost === alloovium_bucket/* TOKEN_COST */.yd.launch && limit < launchCost;
        return {
            error: isTooSmall ? new errors/* BucketTooSmallError */.SE(limit, launchCost) : new errors/* ApiError */.hD(problem, hintMs),
            hintMs,
        };
    }
    if (bodyError)
        return { error: bodyError.error, hintMs: hintMs && Math.max(0, hintMs - ageMs) };
    try {
        return { value: read((0,wire/* parseBody */.OG)(answer, clean)), hintMs };
    }
    catch (error) {
        if (!(error instanceof errors/* ResponseShapeError */.RD))
            throw error;
        const detail = (0,errors/* appendRequestId */.JD)(error.detail, (0,wire/* readRequestId */.BZ)(headers, clean));
        return { error: new errors/* ResponseShapeError */.RD(error.headline, error.fault, detail), hintMs };
    }
}

;// CONCATENATED MODULE: ./src/alloovium/client.ts





const SHORT_RUN_ID_LENGTH = 12;
const GET = { method: 'GET', headers: {}, body: null };
function createClient(parts) {
    const { clock } = parts;
    const { exchange, ...tokens } = createExchange(parts);
    const keyOfRun = new Map();
    const pendingKeys = new Set();
    const lostAnswerAt = new Map();
    const unreplayableKeys = new Set();
    async function launch({ workflowId, idempotencyKey: key, body }, before, deadline, signal) {
        pendingKeys.add(key);
        const sentAt = clock.now();
        const answer = await exchange({
            method: 'POST',
            path: `/api/v2/workflows/${encodeURIComponent(workflowId)}/runs`,
            headers: { 'content-type': 'application/json', 'idempotency-key': key },
            body,
            timeoutMs: Math.min(retry/* LAUNCH */.ON.attemptMs, deadline - clock.now() + GRACE_MS),
            signal,
        }, alloovium_bucket/* TOKEN_COST */.yd.launch, (json) => {
            const launched = (0,wire/* parseLaunch */.rw)(json, workflowId);
            const { runId } = launched;
            if ((keyOfRun.get(runId) ?? key) !== key) {
                const what = `the API gave ${runId.slice(0, SHORT_RUN_ID_LENGTH)} for two launches`;
                throw new errors/* ResponseShapeError */.RD(what, 'wrong_run', `run ${runId}`);
            }
            keyOfRun.set(runId, key);
            return launched;
        });
        if ('failure' in answer) {
            const { error } = answer.failure;
            const problem = error instanceof errors/* ApiError */.hD ? error.problem : null;
            if (error.kind !== 'locked' && (0,retry/* mayHaveStarted */.NG)(error)) {
                if (problem?.isProblem === true)
                    unreplayableKeys.add(key);
                else
                    lostAnswerAt.set(key, lostAnswerAt.get(key) ?? sentAt);
            }
            const isNoWorkflow = problem?.status === 404 && problem.code === 'not_found';
            if (isNoWorkflow || ![...before, error].some(retry/* mayHaveStarted */.NG))
                pendingKeys.delete(key);
            return answer;
        }
        pendingKeys.delete(key);
        const lostAt = lostAnswerAt.get(key) ?? null;
        const mayHaveOther = unreplayableKeys.has(key) || (lostAt !== null && !answer.meta.replayed);
        return { ...answer, lostAnswerAt: lostAt, mayHaveOther };
    }
    return {
        ...tokens,
        async startRun(request, context) {
            const deadline = Math.min(context.deadline, clock.now() + retry/* LAUNCH */.ON.maxTotalMs);
            try {
                return await runWithGrace(clock, context.signal, (late) => (0,retry/* sendUntilAnswered */.Wf)((before) => launch(request, before, deadline, late), { ...context, deadline }));
            }
            catch (error) {
                const isAnswerError = error instanceof errors/* ResponseShapeError */.RD || error instanceof errors/* ConnectionError */.Rc;
                if (!isAnswerError || !UNUSABLE_ANSWER_FAULTS.includes(error.fault))
                    throw error;
                const what = error.headline.replace(/^the answer(?! to)/, 'the answer to the launch');
                throw new errors/* ResponseShapeError */.RD(what, 'unusable', error.detail);
            }
        },
        getRun: (runId, timeoutMs, signal) => {
            const path = `/api/v2/workflows/runs/${encodeURIComponent(runId)}`;
            return exchange({ ...GET, path, timeoutMs, signal }, alloovium_bucket/* TOKEN_COST */.yd.poll, (json) => ({
                run: (0,wire/* parseRun */.zZ)(json, runId),
            }));
        },
        listWorkflows: (cursor, timeoutMs, signal) => {
            const query = new URLSearchParams({ limit: '100', ...(cursor === null ? {} : { cursor }) });
            const path = `/api/v2/workflows?${query.toString()}`;
            return exchange({ ...GET, path, timeoutMs, signal }, alloovium_bucket/* TOKEN_COST */.yd.poll, wire/* parseWorkflowPage */.SB);
        },
        isLaunchOpen: (idempotencyKey) => pendingKeys.has(idempotencyKey),
    };
}
const UNUSABLE_ANSWER_FAULTS = [
    'unusable',
    'over_cap',
    'key_twice',
    'too_large',
];
const GRACE_MS = 3_000;
async function runWithGrace(clock, signal, work) {
    const late = new AbortController();
    const over = new AbortController();
    const cancel = () => {
        clock.sleep(GRACE_MS, over.signal).then(() => late.abort(signal.reason), () => undefined);
    };
    signal.addEventListener('abort', cancel, { once: true, signal: over.signal });
    try {
        return await work(late.signal);
    }
    finally {
        over.abort();
    }
}

// EXTERNAL MODULE: ./src/github/event.ts
var github_event = __nccwpck_require__(5015);
;// CONCATENATED MODULE: ./src/github/context.ts



const PULL_REQUEST_EVENTS = new Set([
    'pull_request',
    'pull_request_target',
    'pull_request_review',
    'pull_request_review_comment',
]);
function readContext(environment, event, eventFault = '') {
    const required = (name, pattern) => {
        const value = environment[name] ?? '';
        if (pattern.test(value))
            return value;
        throw new step_error/* StepError */.z(`${name} is missing or malformed`, 'Run this action on a GitHub Actions runner.');
    };
    const repository = required('GITHUB_REPOSITORY', /^[^/\s]+\/[^/\s]+$/);
    const sha = required('GITHUB_SHA', read_field/* SHA */.hG);
    const jobRunId = required('GITHUB_RUN_ID', /^\d{1,20}$/);
    const attempt = Number(/^[1-9]\d{0,5}$/.exec(environment.GITHUB_RUN_ATTEMPT ?? '')?.[0] ?? 1);
    const { GITHUB_SERVER_URL: server = '', GITHUB_API_URL: apiUrl = '', GITHUB_REF: ref = '' } = environment;
    const eventName = /^[a-z_]{1,40}$/.exec(environment.GITHUB_EVENT_NAME ?? '')?.[0] ?? '';
    const { commit, isKeyedByCommit, head } = readCommit(eventName, event, sha, eventFault);
    const isWithheldFrom = PULL_REQUEST_EVENTS.has(eventName) && eventName !== 'pull_request_target';
    const jobRunUrl = `${server}/${repository}/actions/runs/${jobRunId}/attempts/${attempt}`;
    return {
        repository,
        commit,
        keyScope: isKeyedByCommit ? commit : `${commit}-${jobRunId}`,
        event: eventName,
        ref,
        defaultBranchRef: eventName === 'schedule' ? ref : toBranchRef((0,read_field/* readText */.yR)(event, 'repository', 'default_branch')),
        jobValues: removeRepeats([commit, sha, ref.startsWith('refs/') ? ref : '', jobRunId]),
        jobRunId,
        attempt,
        workflowPath: (environment.GITHUB_WORKFLOW_REF ?? '').replace(/@.*$/s, ''),
        jobRunUrl: /^https?:\/\/\w[\w.:/-]{1,500}$/.test(jobRunUrl) ? jobRunUrl : '',
        apiUrl: apiUrl === '' ? 'https://api.github.com' : apiUrl,
        pullRequest: pullRequestOf(eventName, event, eventFault),
        head,
        isPrivate: (0,read_field/* readPath */.G7)(event, 'repository', 'private') === true,
        secretsWithheld: (isWithheldFrom && isFork(event, repository)) ||
            ((isWithheldFrom || eventName === 'push') && environment.GITHUB_ACTOR === 'dependabot[bot]'),
    };
}
function readCommit(eventName, event, sha, eventFault) {
    const requireCommit = (commit) => {
        if (commit !== null)
            return commit;
        throw new step_error/* StepError */.z(`The event's file ${eventFault || 'names no commit'}: the action needs it for the commit of ${eventName}`, (0,github_event/* remedyOfEvent */.EF)(eventFault));
    };
    if (PULL_REQUEST_EVENTS.has(eventName)) {
        const head = requireCommit((0,read_field/* readSha */.tU)(event, 'pull_request', 'head', 'sha'));
        return { commit: head, isKeyedByCommit: true, head };
    }
    switch (eventName) {
        case 'push':
            return { commit: sha, isKeyedByCommit: true, head: null };
        case 'merge_group':
            return { commit: (0,read_field/* readSha */.tU)(event, 'merge_group', 'head_sha') ?? sha, isKeyedByCommit: true, head: null };
        case 'workflow_run': {
            const isMissing = (0,read_field/* readPath */.G7)(event, 'workflow_run') === undefined;
            const isOfCommit = ['push', 'pull_request'].includes((0,read_field/* readText */.yR)(event, 'workflow_run', 'event'));
            const head = isMissing || isOfCommit ? requireCommit((0,read_field/* readSha */.tU)(event, 'workflow_run', 'head_sha')) : null;
            return { commit: head ?? sha, isKeyedByCommit: false, head };
        }
        default:
            return { commit: sha, isKeyedByCommit: false, head: null };
    }
}
function pullRequestOf(eventName, event, eventFault) {
    const none = (reason) => ({ kind: 'none', reason });
    if (PULL_REQUEST_EVENTS.has(eventName)) {
        const number = (0,read_field/* readNumber */.kz)(event, 'pull_request', 'number');
        return number === null ? none('the event payload names no pull request') : { kind: 'of_event', number };
    }
    switch (eventName) {
        case 'merge_group':
            return none('the event merge_group has no pull request');
        case 'workflow_run':
            return none('the event workflow_run does not say which pull request; name it by `pull_request`');
        case 'issue_comment': {
            if (eventFault !== '')
                return none(`the event's file ${eventFault}`);
            if ((0,read_field/* readPath */.G7)(event, 'issue', 'pull_request') === undefined)
                return none('the comment of this event is on an issue, not on a pull request');
            const number = (0,read_field/* readNumber */.kz)(event, 'issue', 'number');
            return number === null ? none(NOT_CHECKED) : { kind: 'commented', number };
        }
        default:
            return none(`the event ${eventName || 'here'} has no pull request; name one by \`pull_request\``);
    }
}
const NOT_CHECKED = 'the step ended before its pull request was checked';
function findOpenPullRequest(pullRequest) {
    switch (pullRequest.kind) {
        case 'of_event':
            return pullRequest.number;
        case 'named':
            return pullRequest.isOpen ? pullRequest.number : null;
        case 'commented':
        case 'none':
            return null;
    }
}
function toBranchRef(name) {
    return name === '' ? '' : `refs/heads/${name}`;
}
function removeRepeats(texts) {
    return [...new Set(texts)].filter((text) => text !== '');
}
function setPullRequest(context, number, { head, isOpen }) {
    const isOfEarlierRun = context.event === 'workflow_run' && context.head !== null;
    const commit = isOfEarlierRun ? context.commit : head;
    return {
        ...context,
        commit,
        keyScope: `${commit}-${context.jobRunId}`,
        pullRequest: { kind: 'named', number, isOpen },
        head: commit,
        jobValues: removeRepeats([commit, ...context.jobValues]),
    };
}
function isFork(event, repository) {
    const repo = (0,read_field/* readPath */.G7)(event, 'pull_request', 'head', 'repo');
    const from = (0,read_field/* readText */.yR)(repo, 'full_name');
    return from === '' ? repo === null : from.toLowerCase() !== repository.toLowerCase();
}

// EXTERNAL MODULE: ./src/inputs/inputs.ts + 1 modules
var inputs_inputs = __nccwpck_require__(326);
// EXTERNAL MODULE: ./src/inputs/runs-input.ts
var runs_input = __nccwpck_require__(8890);
// EXTERNAL MODULE: ./src/inputs/secrets.ts
var inputs_secrets = __nccwpck_require__(3332);
;// CONCATENATED MODULE: ./src/github/commit-status-api.ts

const NO_ANSWER = 'GitHub gave no usable answer';
const MAX_DESCRIPTION = 140;
async function setCommitStatus(place, { sha, state, context, description, targetUrl }, deps, budgetMs) {
    const api = await (0,github_api/* connectToGithub */.DK)(place, deps, budgetMs);
    try {
        const status = {
            state,
            context,
            description: truncateDescription(description),
            ...(targetUrl === '' ? {} : { target_url: targetUrl }),
        };
        await api.call(`POST ${api.repository}/statuses/${sha}`, status, () => true);
        return '';
    }
    catch (error) {
        if (deps.signal.aborted)
            return 'the runner stopped this step';
        if (!(error instanceof github_api/* CallFailed */.Ep))
            return 'the call to GitHub could not be made';
        if (error.why === 401 || error.why === 403 || error.why === 404)
            return `GitHub answered ${error.why}; give the job \`permissions: { statuses: write }\``;
        if (typeof error.why === 'number')
            return `GitHub answered ${error.why}`;
        return NO_ANSWER;
    }
    finally {
        await api.close();
    }
}
function truncateDescription(text) {
    const characters = Array.from(text);
    return characters.length > MAX_DESCRIPTION ? `${characters.slice(0, MAX_DESCRIPTION - 1).join('')}…` : text;
}

;// CONCATENATED MODULE: ./src/commit-status.ts



const STATE = {
    success: 'success',
    skipped: 'success',
    pending: null,
    gate_failed: 'failure',
    failure: 'failure',
    cancelled: 'failure',
    error: 'error',
    timed_out: 'error',
    interrupted: 'error',
};
const STOPPED_MS = 3_000;
class CommitStatusError extends step_error/* StepError */.z {
}
async function startStatus(parts, inputs, context) {
    const pending = { state: 'pending', description: 'Running' };
    const failure = await writeStatus(parts, { inputs, context }, pending, { signal: parts.signal });
    parts.signal.throwIfAborted();
    if (failure !== '')
        throw new CommitStatusError(`The commit status \`${inputs.commitStatus}\` could not be written: ${failure}`, `Nothing was started. ${failure === NO_ANSWER ? '{again}' : 'Correct that, or leave `commit_status` out.'}`);
}
async function finishStatus(parts, { inputs, context, verdict: { conclusion, headline } }) {
    const state = STATE[conclusion];
    if (inputs === null || context === null || inputs.commitStatus === '' || state === null)
        return;
    const limits = {
        signal: new AbortController().signal,
        budgetMs: parts.signal.aborted ? STOPPED_MS : undefined,
    };
    const failure = await writeStatus(parts, { inputs, context }, { state, description: headline }, limits);
    if (failure === '')
        return;
    const again = state === 'failure' ? 're-run the job to set it, which starts a new run' : 're-run the job to set it';
    const left = conclusion === 'skipped'
        ? 'The status is not set: a merge that requires it stays blocked. On pull requests from forks the token is always read-only.'
        : `The status stays \`pending\`: ${again}.`;
    parts.host.warning(`The commit status \`${inputs.commitStatus}\` could not be written: ${failure}. ${left}`, 'loss');
}
async function writeStatus({ host, clock }, { inputs, context }, status, { signal, budgetMs }) {
    const { apiUrl, repository, commit, jobRunUrl } = context;
    try {
        const proxy = findProxy(apiUrl, host.environment)?.href ?? null;
        return await setCommitStatus({ apiUrl, token: inputs.githubToken, repository }, { ...status, sha: commit, context: inputs.commitStatus, targetUrl: jobRunUrl }, { clock, signal, proxy }, budgetMs);
    }
    catch (error) {
        return error instanceof Error ? error.message : 'it could not be sent';
    }
}

// EXTERNAL MODULE: ./src/inputs/input-table.ts
var input_table = __nccwpck_require__(5620);
// EXTERNAL MODULE: ./src/alloovium/statuses.ts
var statuses = __nccwpck_require__(5370);
;// CONCATENATED MODULE: ./src/gate/condition.ts
const NO_ITEM_HAS = 'no item has `';
function isRed({ condition, result, isExcused }) {
    return condition.severity === 'fail' && result !== 'does_not_hold' && isExcused !== true;
}
function isWarning({ condition, result }) {
    return condition.severity === 'warn' && result !== 'does_not_hold';
}
function countKnown({ known, isExcused }) {
    return isExcused === null ? 0 : (known ?? []).filter((isKnown) => isKnown).length;
}
function nameOf({ name, severity, line }) {
    return name === null ? `line ${line} of \`${severity}_if\`` : `“${name}”`;
}
function collectWaived(findings) {
    const rows = new Map();
    for (const { waivedIds, waivedRows } of findings)
        for (const [at, id] of splitDigests(waivedIds).entries())
            if (!rows.has(id))
                rows.set(id, waivedRows[at]);
    return { rows: [...rows.values()].filter((row) => row !== undefined), count: rows.size };
}
function splitDigests(ids) {
    return ids.match(/.{12}/g) ?? [];
}

;// CONCATENATED MODULE: ./src/runs/describe-finding.ts


function describeCount({ result, matched, waived, unmatched }) {
    if (result === 'cannot_be_evaluated')
        return 'cannot be evaluated';
    if (unmatched !== null)
        return `${(0,format/* formatNumber */.ZV)(matched)} of ${(0,format/* formatNumber */.ZV)(matched + waived + unmatched)}`;
    if (matched > 0)
        return (0,format/* formatNumber */.ZV)(matched);
    return result === 'holds' ? 'yes' : 'no';
}
function describeFinding(finding, wording = 'sentence', name = nameOf(finding.condition)) {
    const { condition, result, matched } = finding;
    if (result === 'cannot_be_evaluated')
        return `${name} cannot be evaluated`;
    if (matched === 0)
        return `${name} is true`;
    const newAndKnown = countNewAndKnown(finding);
    const count = newAndKnown || describeCount(finding);
    const items = chooseItemWord(finding);
    if (wording === 'in_brackets')
        return `${name} matched ${count} ${items}`;
    const isNamed = condition.name !== null;
    if (newAndKnown !== '')
        return `${count} ${isNamed ? name : `in ${name}`}`;
    const verb = matched === 1 ? 'matches' : 'match';
    return (0,format/* joinPresent */.uE)(' ', count, wording === 'sentence' && items, !isNamed && verb, name);
}
function countNewAndKnown(finding) {
    const known = countKnown(finding);
    const added = finding.matched - known;
    if (known === 0)
        return '';
    return (0,format/* joinPresent */.uE)(' and ', added > 0 && `${(0,format/* formatNumber */.ZV)(added)} new`, `${(0,format/* formatNumber */.ZV)(known)} known`);
}
function chooseItemWord({ matched, waived, unmatched }) {
    return (unmatched === null ? matched : matched + waived + unmatched) === 1 ? 'item' : 'items';
}
const MAX_PHRASES = 150;
const MAX_WITH_REASON = 190;
function describeFindings(findings) {
    const evaluated = findings.filter(({ result }) => result !== 'cannot_be_evaluated');
    const phrases = joinPhrases(evaluated.map((one) => describeFinding(one)));
    const [first, ...others] = findings.filter((one) => !evaluated.includes(one));
    if (first === undefined)
        return phrases;
    const name = nameOf(first.condition);
    const more = others.length === 0 ? '' : `${(0,format/* formatNumber */.ZV)(others.length)} more`;
    const reason = formatReason(first, MAX_WITH_REASON - phrases.length - name.length);
    const unevaluated = reason === ''
        ? `${(0,format/* joinPresent */.uE)(' and ', name, more)} cannot be evaluated`
        : `${name}: ${(0,format/* joinPresent */.uE)(' ', reason, more && `(${more} cannot be evaluated)`)}`;
    return (0,format/* joinPresent */.uE)('; ', phrases, unevaluated);
}
function formatReason({ reason }, maxLength) {
    const { what = '', hint = '' } = reason ?? {};
    const whole = (0,format/* joinPresent */.uE)('; ', what, hint);
    if (whole.length <= maxLength)
        return whole;
    return what.length <= maxLength ? what : '';
}
function isReasonInHeadline(finding) {
    return formatReason(finding, MAX_WITH_REASON - nameOf(finding.condition).length) !== '';
}
function joinPhrases(phrases, separator = '; ') {
    let shown = phrases.slice(0, 3);
    while (shown.length > 1 && shown.join(separator).length > MAX_PHRASES)
        shown = shown.slice(0, -1);
    const more = phrases.length - shown.length;
    return shown.join(separator) + (more > 0 ? `${separator}and ${more} more` : '');
}
function formatWarning(text, count) {
    return `${text} (${count === 1 ? 'a warning only' : 'warnings only'})`;
}
function listConditionNames(findings) {
    const names = (0,format/* formatList */.ki)(findings.map(({ condition }) => nameOf(condition)));
    const isNamed = findings.every(({ condition }) => condition.name !== null);
    return isNamed && names.length <= MAX_PHRASES ? names : '';
}

// EXTERNAL MODULE: ./src/text/escape.ts
var text_escape = __nccwpck_require__(7388);
;// CONCATENATED MODULE: ./src/report/log.ts





const BAR = 10;
function formatProgressLine({ status, progress, stage }, elapsedMs) {
    const word = (0,statuses/* isKnownStatus */.ih)(status) ? statuses/* STATUSES */.f[status].word : status;
    const doing = status === 'pending' ? word : (0,format/* joinPresent */.uE)(': ', status !== 'running' && word, stage) || word;
    const bar = progress === null || status === 'pending'
        ? '░'.repeat(BAR) + '      '
        : `${'█'.repeat(Math.floor((progress / 100) * BAR)).padEnd(BAR, '░')} ${String(Math.floor(progress)).padStart(3)} %`;
    return (0,text_escape/* logLine */.BP) `${bar}  ${doing.slice(0, 100).padEnd(32)}  ${(0,format/* formatDuration */.a3)(elapsedMs)}`;
}
function prefixWithName(name, names, line) {
    const width = Math.min(24, Math.max(...names.map((one) => one.length)));
    const shown = name.length > width ? `${name.slice(0, width - 1)}…` : name.padEnd(width);
    return (0,text_escape/* logLine */.BP) `${shown}  ${line}`;
}
const ORDER_PHASES = ['queued', 'running', 'done'];
function formatHeartbeat(phases, nextLaunchMs) {
    const reported = ORDER_PHASES.map((phase) => [phases.filter((one) => one === phase).length, phase])
        .filter(([count]) => count > 0)
        .map((count) => count.join(' '));
    if (phases.includes('queued') && nextLaunchMs !== null)
        reported.push(`next launch in ${(0,format/* formatDuration */.a3)(nextLaunchMs)}`);
    return (0,text_escape/* logLine */.BP) `${reported.join(', ')}`;
}
const OF_BASELINE = /^(?:Every (?:finding|item) |The baseline )/;
function formatNote(text, name = '') {
    const start = name === '' ? (0,text_escape/* logLine */.BP) `note` : (0,text_escape/* logLine */.BP) `note: ${name}`;
    if (OF_BASELINE.test(text))
        return (0,text_escape/* logLine */.BP) `${start}: ${(0,text_escape/* escapeQuotations */.NE)(text)}`;
    const [own = ''] = /^(?:[\w ,'()-]|`\w+`)*[A-Za-z)](?=: )/.exec(text) ?? [];
    const parts = own === '' ? [text] : [own, text.slice(own.length + 2)];
    return parts.reduce(text_escape/* appendUntrusted */.Jc, start);
}
function formatResult(finding) {
    const { condition, matched, waived, unmatched, result } = finding;
    const known = countKnown(finding);
    const notes = (0,format/* joinPresent */.uE)(', ', known > 0 && `${(0,format/* formatNumber */.ZV)(known)} known`, waived > 0 && `${(0,format/* formatNumber */.ZV)(waived)}${matched > 0 ? ' more' : ''} waived`, condition.severity === 'warn' && result !== 'does_not_hold' && 'a warning only');
    const isAlone = result === 'holds' && matched > 0 && unmatched === null;
    const count = isAlone ? (0,format/* formatCount */.B4)(matched, 'item') : describeCount(finding);
    return count + (notes && ` (${notes})`);
}
function formatGateLines({ findings }) {
    return findings.flatMap((finding) => {
        const { condition, problem } = finding;
        const mark = isRed(finding) ? '✗' : isWarning(finding) ? '!' : '✓';
        const name = condition.name ?? nameOf(condition);
        return [
            (0,text_escape/* logLine */.BP) `    ${mark} ${name}: ${formatResult(finding)}`,
            ...(problem === null ? [] : [(0,text_escape/* logLine */.BP) `      ${(0,text_escape/* escapeQuotations */.NE)(problem)}`]),
        ];
    });
}
const OF_THE_RUN = new Set(['success', 'gate_failed', 'failure', 'cancelled']);
function findReason({ conclusion, headline }, errorMessage) {
    if (OF_THE_RUN.has(conclusion))
        return { isOfRun: true, text: errorMessage };
    const headlineText = headline.toLowerCase();
    const isRepeated = errorMessage.toLowerCase().startsWith(headlineText);
    const text = isRepeated ? errorMessage.slice(headline.length).replace(/^[:.]?(?:\s|$)/, '') : errorMessage;
    const lines = text.split('\n').filter((line) => line === '' || !headlineText.includes(line.toLowerCase()));
    return { isOfRun: false, text: lines.join('\n') };
}
function formatReasonLines({ verdict, errorMessage, runs }) {
    const reported = runs.length > 1
        ? runs.map((run) => [run.entry.name, run.verdict, run.ending.errorMessage])
        : [['', verdict, errorMessage]];
    return reported
        .filter(([, { exitCode }]) => exitCode !== 0)
        .flatMap(([name, ...one]) => {
        const { isOfRun, text } = findReason(...one);
        const lines = isOfRun ? [text] : takeFirstLines(text);
        return lines
            .filter((line) => line.trim() !== '')
            .map((line) => {
            const reported = isOfRun ? (0,text_escape/* appendUntrusted */.Jc)('Alloovium reported', line) : formatErrorLine(line);
            return (0,text_escape/* logLine */.BP) `    ${name === '' ? reported : (0,text_escape/* logLine */.BP) `${name}: ${reported}`}`;
        });
    });
}
const MAX_REASON_LINES = 40;
function takeFirstLines(text) {
    const lines = text.slice(0, 10_000).split('\n');
    const shown = lines.slice(0, MAX_REASON_LINES);
    const isWhole = shown.length === lines.length && text.length <= 10_000;
    return isWhole ? shown : [...shown, '… (all of it is in the output `error_message`)'];
}
function formatErrorLine(line) {
    const [, own, words = ''] = /^(.*? reported): (.*)$/.exec(line) ?? [];
    return own === undefined ? (0,text_escape/* escapeQuotations */.NE)(line) : (0,text_escape/* appendUntrusted */.Jc)((0,text_escape/* escapeQuotations */.NE)(own), words);
}
function formatAnnotation({ lead, nextStep }) {
    return (0,format/* joinPresent */.uE)(' ', ...[lead, nextStep].map((part) => part.replace(/(?<!^|[.?…]|\?\))$/, '.')));
}

;// CONCATENATED MODULE: ./src/report/links.ts


const MAX_VALUE_LENGTH = 200;
function fillUrl(template, { runId, workflowId, order }, item) {
    const ids = {
        run_id: runId,
        workflow_id: workflowId,
        project_id: order.projectId,
    };
    const valueOf = (name) => (Object.hasOwn(ids, name) ? (ids[name] ?? '') : readIdField(item, name));
    const parts = template.split(input_table/* PLACEHOLDER */.Kx);
    const filled = parts.map((part, at) => {
        if (at % 2 === 0)
            return part;
        const value = encodeValue(valueOf(part));
        if (value === null || item === null || !parts[at - 1]?.endsWith('/'))
            return value;
        return value.replace(/^[a-z]/i, percentEncode);
    });
    return filled.includes(null) ? '' : filled.join('');
}
function readIdField(item, name) {
    const value = (0,src_json/* isJsonObject */.OW)(item) && Object.hasOwn(item, name) ? item[name] : undefined;
    if (typeof value === 'string')
        return value;
    const number = typeof value === 'number' ? String(value) : (0,src_json/* isExactNumber */.zr)(value) ? value.rawJSON : '';
    return /^-?\d+$/.test(number) ? number : '';
}
function encodeValue(text) {
    if (text.length > MAX_VALUE_LENGTH || !text.isWellFormed() || ['', '.', '..'].includes(text))
        return null;
    if (text.includes('***'))
        return null;
    return encodeURIComponent(text).replace(/[!'()*]/g, percentEncode);
}
function percentEncode(character) {
    return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

;// CONCATENATED MODULE: ./src/report/run-log.ts






function createLogState(context, now) {
    return {
        ...context,
        phase: 'queued',
        key: '',
        runId: '',
        runUrl: '',
        polls: 0,
        loggedAt: context.titles === null ? now : -Infinity,
        isGrouped: false,
        isJoinToLog: false,
        shown: '',
        failingSince: null,
        failureLoggedAt: -Infinity,
        isUnknownStatusLogged: false,
        pending: { kind: 'nothing' },
    };
}
function logEvent(event, state, facts) {
    return RULES[event.kind](event, state, facts);
}
const REPEAT_FAILURE_MS = 60_000;
const RULES = {
    launching: (_, state, facts) => {
        const { order, titles, about } = state;
        return titles === null
            ? chain(beginGroup(state, formatLaunchTitle(order)), (next) => addLine(next, facts, about))
            : logNothing(state);
    },
    key: ({ key }, state) => ({
        state: { ...state, key },
        entries: [{ kind: 'debug', text: `idempotency key ${key}` }],
    }),
    pause: ({ failure, delayMs, left }, before, facts) => {
        const { now } = facts;
        const since = before.failingSince ?? now;
        const pending = { kind: 'retry', failure, delayMs, left, since, failedAt: now };
        const state = { ...before, failingSince: since, pending };
        const { headline } = failure.error;
        const isOld = headline === state.shown || now - since >= REPEAT_FAILURE_MS;
        if (isOld && delayMs <= REPEAT_FAILURE_MS / 2 && now - state.loggedAt < REPEAT_FAILURE_MS)
            return logNothing(state);
        const reason = headline === state.shown ? formatStillFailing(failure, now - since) : formatPauseReason(failure);
        return addLine({ ...state, shown: headline }, facts, (0,text_escape/* logLine */.BP) `${reason}; ${formatRetrying(delayMs, left, 0)}`);
    },
    earlier_run: (event, state, facts) => addLine({ ...state, failingSince: null }, facts, event.line),
    resumed: ({ redNotice }, state, facts) => redNotice === '' ? logNothing(state) : addLine(state, facts, formatNote(redNotice)),
    run: ({ runId, origin }, before, facts) => {
        const { order, urlTemplate } = before;
        const state = {
            ...before,
            runId,
            runUrl: fillUrl(urlTemplate, { runId, workflowId: order.workflowId, order }, null),
            phase: 'running',
            failingSince: null,
            shown: '',
            isJoinToLog: origin.kind === 'joined',
        };
        switch (origin.kind) {
            case 'new':
                return addRunLine(state, facts, (0,text_escape/* logLine */.BP) `Started ${runId}`);
            case 'attached':
                return addRunLine(state, facts, (0,text_escape/* logLine */.BP) `Attached to ${runId}: nothing is launched`);
            case 'joined':
                return logNothing(state);
        }
    },
    joined: ({ isLaunchedHere, ageMs }, before, facts) => {
        const state = { ...before, isJoinToLog: false };
        const { runId } = state;
        const age = ageMs === null ? '' : ` (${(0,format/* formatDuration */.a3)(ageMs)} old)`;
        return isLaunchedHere
            ? addRunLine(state, facts, (0,text_escape/* logLine */.BP) `Started ${runId} by an earlier attempt of this launch, whose answer was lost`)
            : addRunLine(state, facts, (0,text_escape/* logLine */.BP) `Joined ${runId}${age}`);
    },
    launch_over: (_, state, facts) => {
        const { isJoinToLog, runId } = state;
        const joined = isJoinToLog ? addRunLine(state, facts, (0,text_escape/* logLine */.BP) `Joined ${runId}`) : logNothing(state);
        return chain(joined, endGroup);
    },
    following: ({ leftMs, isSeen }, state) => {
        const pending = { kind: 'check', isSeen };
        return beginGroup({ ...state, pending }, `Wait for ${state.runId}, for up to ${(0,format/* formatDuration */.a3)(leftMs)}`);
    },
    poll_ended: (_, state) => logNothing({ ...state, polls: state.polls + 1 }),
    run_seen: (event, state, facts) => (0,statuses/* isTerminal */.Hd)(event.run.status) ? logEnd(event, state, facts) : logProgress(event, state, facts),
    failed_poll: ({ headline, elapsedMs, left }, before, facts) => {
        const { now } = facts;
        const since = before.failingSince ?? now;
        const pending = { kind: 'failed_poll', headline, left, since, failedAt: now };
        const state = { ...before, failingSince: since, pending };
        const text = formatFailedPoll(pending, now);
        if (now - state.failureLoggedAt < REPEAT_FAILURE_MS)
            return logChange(state, facts, headline, elapsedMs, text);
        return addLine({ ...state, failureLoggedAt: now, shown: headline }, facts, text);
    },
    evaluated: (_, state) => logNothing(state),
    notice: ({ text }, state, facts) => addLine(state, facts, formatNote(text)),
    log_note: ({ text }, state, facts) => addLine(state, facts, formatNote(text)),
    over: ({ ending }, before, facts) => {
        const over = { ...before, phase: 'done', pending: { kind: 'nothing' } };
        return chain(endGroup(over), (state) => state.titles !== null && ending.kind === 'error'
            ? addLine(state, facts, (0,text_escape/* logLine */.BP) `${ending.headline}`)
            : logNothing(state));
    },
    silence: (_, state, facts) => {
        const text = formatSilence(state.pending, facts.now);
        if (text === null)
            return logNothing(state);
        const isFailure = state.pending.kind === 'failed_poll';
        return addLine(isFailure ? { ...state, failureLoggedAt: facts.now } : state, facts, text);
    },
};
function logNothing(state) {
    return { state, entries: [] };
}
function addLine(state, { now }, text) {
    const { titles, order } = state;
    const named = titles === null ? text : prefixWithName(formatOrderTitle(order), titles, text);
    return { state: { ...state, loggedAt: now }, entries: [{ kind: 'line', line: named }] };
}
function addRunLine(state, facts, text) {
    const { runUrl } = state;
    return chain(addLine(state, facts, text), (next) => runUrl === '' ? logNothing(next) : addLine(next, facts, { safe: runUrl }));
}
function beginGroup(state, title) {
    if (state.titles !== null)
        return logNothing(state);
    return { state: { ...state, isGrouped: true }, entries: [{ kind: 'group', title }] };
}
function endGroup(state) {
    if (!state.isGrouped)
        return logNothing(state);
    return { state: { ...state, isGrouped: false }, entries: [{ kind: 'end_group' }] };
}
function chain({ state, entries }, next) {
    const logged = next(state);
    return { state: logged.state, entries: [...entries, ...logged.entries] };
}
function logChange(state, facts, what, elapsedMs, text) {
    const gapMs = Math.max(1_500, elapsedMs / 30);
    const isTooSoon = state.shown !== '' && facts.now - state.loggedAt < gapMs;
    return what === state.shown || isTooSoon
        ? logNothing(state)
        : addLine({ ...state, shown: what }, facts, text);
}
function logEnd({ run, elapsedMs }, before, facts) {
    const state = { ...before, failingSince: null };
    const tokens = state.titles === null ? `, ${(0,format/* formatCount */.B4)(facts.tokens, 'token')}` : '';
    const after = (0,text_escape/* logLine */.BP) `after ${(0,format/* formatDuration */.a3)(elapsedMs)} (${(0,format/* formatCount */.B4)(state.polls, 'status check')}${tokens})`;
    return chain(addLine(state, facts, (0,text_escape/* logLine */.BP) `${run.status} ${after}`), endGroup);
}
function logProgress({ run, elapsedMs }, before, facts) {
    const { status, stage, progress } = run;
    const pending = {
        kind: 'progress',
        run: { status, stage, progress },
        elapsedMs,
        seenAt: facts.now,
    };
    const state = { ...before, failingSince: null, pending };
    const percent = state.titles === null ? Math.floor(progress ?? 0) : '';
    const what = `${status} ${stage ?? ''} ${percent}`;
    return chain(warnOfUnknownStatus(status, state), (next) => logChange(next, facts, what, elapsedMs, formatProgressLine(run, elapsedMs)));
}
function warnOfUnknownStatus(status, state) {
    if ((0,statuses/* isKnownStatus */.ih)(status) || state.isUnknownStatusLogged)
        return logNothing(state);
    const word = wire/* WORD */.f7.test(status) ? ` “${status}”` : '';
    const warning = `Unknown run status${word}; still waiting.`;
    const text = state.titles === null ? warning : `${formatOrderTitle(state.order)}: ${warning}`;
    return { state: { ...state, isUnknownStatusLogged: true }, entries: [{ kind: 'warning', text }] };
}
function formatSilence(pending, now) {
    switch (pending.kind) {
        case 'nothing':
            return null;
        case 'retry': {
            const { failure, delayMs, left, since, failedAt } = pending;
            return (0,text_escape/* logLine */.BP) `${formatStillFailing(failure, now - since)}; ${formatRetrying(delayMs, left, now - failedAt)}`;
        }
        case 'check':
            return (0,text_escape/* logLine */.BP) `waiting for the ${pending.isSeen ? 'next status check' : 'first status check'}`;
        case 'progress':
            return formatProgressLine(pending.run, pending.elapsedMs + now - pending.seenAt);
        case 'failed_poll':
            return formatFailedPoll(pending, now);
    }
}
function formatFailedPoll(pending, now) {
    const { headline, left, since, failedAt } = pending;
    const forMs = now - since;
    const start = forMs < REPEAT_FAILURE_MS ? 'status check failed' : `no status for ${(0,format/* formatDuration */.a3)(forMs)}`;
    const more = left === null ? '' : `; retrying ${formatLimit(left, now - failedAt)}`;
    return (0,text_escape/* logLine */.BP) `${start} (${headline})${more}`;
}
function formatOrderTitle({ entries: [first, ...others] }) {
    return `${first?.name ?? ''}${others.length === 0 ? '' : ` +${others.length}`}`;
}
function formatLaunchTitle({ workflowId, projectId, inputs }) {
    const names = Object.keys(inputs);
    const project = projectId === '' ? '' : ` on project ${projectId}`;
    return (0,text_escape/* logLine */.BP) `Launch ${workflowId}${project}${names.length === 0 ? '' : (0,text_escape/* logLine */.BP) ` (inputs: ${names.join(', ')})`}`;
}
function formatPauseReason({ error, bucketState: { last }, cost }) {
    if (error.kind !== 'limited')
        return error.headline;
    const isShort = last !== null && last.remaining < cost;
    const left = isShort ? ` (${last.remaining} of ${last.limit} left)` : '';
    return `queueing for ${(0,format/* formatCount */.B4)(cost, 'token')}${left}`;
}
const WAITING = { limited: 'queueing', locked: 'waiting' };
function formatStillFailing({ error }, forMs) {
    return `still ${WAITING[error.kind] ?? `failing (${error.word})`} after ${(0,format/* formatDuration */.a3)(forMs)}`;
}
const SHORT_PAUSE_MS = 500;
function formatRetrying(delayMs, left, passedMs) {
    const untilNextMs = delayMs - passedMs;
    if (untilNextMs >= SHORT_PAUSE_MS)
        return `retrying in ${(0,format/* formatDuration */.a3)(untilNextMs)}, ${formatLimit(left, passedMs)}`;
    if (passedMs === 0)
        return `retrying now, ${formatLimit(left, passedMs)}`;
    return `waiting for an answer${'ms' in left ? `, retrying ${formatLimit(left, passedMs)}` : ''}`;
}
function formatLimit(left, passedMs) {
    const isOnce = 'ms' in left ? left.ms - passedMs < SHORT_PAUSE_MS : left.sends === 1;
    if (isOnce)
        return 'once';
    return 'ms' in left ? `for up to ${(0,format/* formatDuration */.a3)(left.ms - passedMs)}` : `up to ${left.sends} times`;
}

;// CONCATENATED MODULE: ./src/runs/verdict.ts

const WORST_FIRST = [
    'interrupted',
    'error',
    'timed_out',
    'failure',
    'cancelled',
    'gate_failed',
    'pending',
    'success',
    'skipped',
];
function createVerdict(decision, gate) {
    const { conclusion, headline, lead = headline, brief = (0,format/* lowerFirst */.oZ)(headline), steps = [] } = decision;
    const isGreen = conclusion === 'success' || conclusion === 'pending' || conclusion === 'skipped';
    return { ...decision, lead, brief, steps, earlier: '', exitCode: isGreen ? 0 : 1, gate };
}
function hasGate({ entry }) {
    return entry.gate.conditions.some(({ severity }) => severity === 'fail');
}

;// CONCATENATED MODULE: ./src/runs/run-files.ts







function identityOf({ runId, projectId, inputs }, { jobValues }) {
    return runId !== ''
        ? { projectId: null, inputsDigest: null }
        : { projectId, inputsDigest: digestInputs(inputs, jobValues) };
}
function storeFiles(order, { outputs, runId, workflowId }, { entry, results, since }, nowMs, { host, context, budget, redact, gateFileName }) {
    const json = outputs === undefined ? '' : JSON.stringify(outputs);
    const stored = { ...NOT_STORED, outputsJson: fitsInOutput(json) ? json : null };
    const isMany = entry.name !== '';
    const part = isMany ? `-${(0,external_node_crypto_.createHash)('sha256').update(entry.name).digest('hex').slice(0, 16)}` : '';
    try {
        if (json !== '')
            stored.outputsFile = host.writeFile(`outputs${part}.json`, isMany ? json : `${json}\n`);
        if (results.length === 0)
            return stored;
        const { projectId, inputsDigest: digest } = identityOf(order, context);
        const gate = results.some(isRed) ? 'failed' : hasGate({ entry }) ? 'passed' : 'none';
        const { text, leftOut } = packRun({
            gate,
            run_id: runId,
            workflow_id: workflowId,
            project_id: projectId,
            inputs_digest: digest,
            baseline_commit: since?.commit ?? null,
        }, results, budget);
        const file = isMany ? [text] : formatGateFile(createHead(context, nowMs), text);
        const fileName = isMany ? `gate${part}.json` : gateFileName;
        return { ...stored, gateFile: host.writeFile(fileName, ...file), leftOut };
    }
    catch (error) {
        return { ...stored, error: redact(error.message) };
    }
}
const NOT_STORED = { outputsJson: '', outputsFile: '', gateFile: '', leftOut: 0, error: null };
function isBaselineReady(outcomes, context) {
    const gated = outcomes.filter(hasGate);
    return gated.length > 0 && context !== null && gated.every((outcome) => isUsableBaseline(outcome, context));
}
function isUsableBaseline({ stored, findings }, context) {
    const { event, ref, pullRequest } = context;
    const mayBeRed = event === 'schedule' || event === 'workflow_dispatch';
    return (stored !== null &&
        stored.gateFile !== '' &&
        stored.leftOut === 0 &&
        BASELINE_EVENTS.has(event) &&
        ref.startsWith('refs/heads/') &&
        (pullRequest.kind === 'none' || pullRequest.kind === 'commented') &&
        (mayBeRed || !findings.some(isRed)) &&
        findings.every(({ condition, result, matched }) => condition.severity === 'warn' || result === 'does_not_hold' || matched > 0));
}
const MAX_VALUE_BYTES = 100_000;
function fitsInOutput(value) {
    return value.length <= MAX_VALUE_BYTES && Buffer.byteLength(value, 'utf8') <= MAX_VALUE_BYTES;
}
function createHead({ event, ref, jobRunId, pullRequest, commit }, nowMs) {
    return {
        time: new Date(nowMs).toISOString(),
        event,
        ref,
        job_run: jobRunId,
        pull_request: findOpenPullRequest(pullRequest),
        commit,
    };
}
function writeJoinedFiles({ host, context, gateFileName }, outcomes, nowMs) {
    const runs = outcomes.map(({ entry, stored }) => ({ name: entry.name, ...(stored ?? NOT_STORED) }));
    const texts = runs.map(({ name, outputsJson }) => outputsJson === null ? null : `${JSON.stringify(name)}:${outputsJson || 'null'}`);
    const json = texts.includes(null) ? null : `{${texts.join(',')}}`;
    const outputs = runs.flatMap(({ name, outputsFile }, at) => [
        `${at === 0 ? '{' : ','}\n  ${JSON.stringify(name)}: `,
        outputsFile === '' ? 'null' : { copyOf: outputsFile },
    ]);
    const judged = runs.filter(({ gateFile: file }) => file !== '');
    const gates = formatGateFileRuns(judged.map(({ name, gateFile: copyOf }) => [name, { copyOf }]));
    return {
        outputsJson: json !== null && fitsInOutput(json) ? json : null,
        outputsFile: host.writeFile('outputs.json', ...outputs, '\n}\n'),
        gateFile: judged.length === 0
            ? ''
            : host.writeFile(gateFileName, ...formatGateFile(createHead(context, nowMs), ...gates)),
    };
}

;// CONCATENATED MODULE: ./src/report/runs-json.ts

function createEmptyRow(name) {
    return {
        name,
        run_id: '',
        workflow_id: '',
        project_id: '',
        status: '',
        conclusion: '',
        gate: '',
        headline: '',
        gate_matched_count: null,
        gate_new_count: null,
        replayed: false,
        red_runs_before: null,
        idempotency_key: '',
        started_at: '',
        completed_at: '',
        duration_seconds: null,
        error_message: '',
    };
}
const MESSAGE = 500;
function formatRunsJson(rows, most = MESSAGE) {
    const cut = (text) => text.slice(0, most).toWellFormed();
    const text = JSON.stringify(rows.map((row) => ({ ...row, headline: cut(row.headline), error_message: cut(row.error_message) })));
    return fitsInOutput(text) || most === 0 ? text : formatRunsJson(rows, Math.floor(most / 2));
}

;// CONCATENATED MODULE: ./src/progress.ts







const HEARTBEAT_MS = 60_000;
const HEARTBEAT_OF_SEVERAL_MS = 30_000;
function createListener(host, clock, listened) {
    const { inputs, orders, tokensSpent, nextLaunchMs } = listened;
    const { runs, runUrl } = inputs;
    const heartbeatMs = runs === null ? HEARTBEAT_MS : HEARTBEAT_OF_SEVERAL_MS;
    const about = formatAbout(listened);
    const titles = runs === null ? null : orders.map(formatOrderTitle);
    const firstState = (order) => createLogState({ order, titles, about, urlTemplate: runUrl }, clock.now());
    const states = new Map(orders.map((order) => [order, firstState(order)]));
    const rows = new Map((runs ?? []).map(({ name }) => [name, createEmptyRow(name)]));
    const over = new AbortController();
    let loggedAt = clock.now();
    if (runs !== null) {
        const launches = (0,format/* formatCount */.B4)(orders.length, 'launch', 'launches');
        host.line((0,text_escape/* logLine */.BP) `${(0,format/* formatCount */.B4)(runs.length, 'run')} in one step, ${launches} at most, ${about}`);
    }
    function write(entry) {
        if (entry.kind === 'line')
            loggedAt = clock.now();
        writeEntry(host, entry);
    }
    function log(order, event) {
        const before = states.get(order) ?? firstState(order);
        const { state, entries } = logEvent(event, before, { now: clock.now(), tokens: tokensSpent() });
        states.set(order, state);
        for (const entry of entries)
            write(entry);
        return state;
    }
    function writeRun(event, { order, key, runUrl: address }) {
        if (runs === null) {
            host.output('run_id', event.runId);
            if (address !== '')
                host.output('run_url', address);
            return;
        }
        for (const { name } of order.entries)
            rows.set(name, rowOfLaunched(name, event, order, key));
        host.output('runs_json', formatRunsJson([...rows.values()]));
    }
    async function heartbeat() {
        for (;;) {
            await clock.sleep(Math.max(1_000, loggedAt + heartbeatMs - clock.now()), over.signal);
            if (clock.now() - loggedAt < heartbeatMs)
                continue;
            const phases = [...states.values()].map(({ phase }) => phase);
            if (runs !== null)
                write({ kind: 'line', line: formatHeartbeat(phases, nextLaunchMs()) });
            else
                for (const order of orders)
                    log(order, { kind: 'silence' });
        }
    }
    heartbeat().catch(() => undefined);
    return {
        listen: (order) => {
            return (event) => {
                const state = log(order, event);
                if (event.kind === 'run')
                    writeRun(event, state);
            };
        },
        end: () => over.abort(),
    };
}
function rowOfLaunched(name, { runId, origin }, order, key) {
    return {
        ...createEmptyRow(name),
        run_id: runId,
        workflow_id: order.workflowId,
        project_id: order.projectId,
        idempotency_key: key,
        replayed: origin.kind === 'joined',
    };
}
function formatAbout({ inputs: { apiKey, apiUrl }, context: { commit } }) {
    const kind = (0,inputs_secrets/* detectKeyKind */.TS)(apiKey);
    const address = apiUrl === input_table/* DEFAULT_API_URL */.rK ? '' : (0,text_escape/* logLine */.BP) `, at ${{ safe: apiUrl }}`;
    return (0,text_escape/* logLine */.BP) `commit ${commit.slice(0, 7)}${kind === null ? '' : `, ${kind} key`}${address}`;
}
function writeEntry(host, entry) {
    switch (entry.kind) {
        case 'line':
            host.line((0,text_escape/* logLine */.BP) `    ${entry.line}`);
            return;
        case 'group':
            host.startGroup(entry.title);
            return;
        case 'end_group':
            host.endGroup();
            return;
        case 'warning':
            host.warning(entry.text);
            return;
        case 'debug':
            host.debug(entry.text);
    }
}

;// CONCATENATED MODULE: ./src/report/changes.ts


function compareWithReport(findings, then) {
    if (then === null)
        return null;
    const remembered = new Map(then.conditions.map((condition) => [condition.id, condition]));
    const ids = (0,item_identity/* identifyConditions */.F1)(findings.map(({ condition }) => condition));
    const conditions = findings.map((finding, at) => {
        const before = remembered.get(ids[at] ?? '');
        return before && finding.result !== 'cannot_be_evaluated' ? compareFinding(finding, before) : null;
    });
    return createChanges(conditions, then.commit, null);
}
function changesSinceBaseline({ findings, since, }) {
    if (since === null)
        return null;
    const conditions = findings.map((finding) => {
        const { result, known, baselineCount, removedIds, removedRows, knownBy, isExcused } = finding;
        if (result === 'cannot_be_evaluated' || known === null)
            return null;
        if (knownBy.length === 0)
            return baselineCount === null ? null : { itemStates: null, before: baselineCount, removed: new Map() };
        const stateOfKnown = isExcused === null ? 'still' : 'known';
        return {
            itemStates: known.map((isKnown) => (isKnown ? stateOfKnown : 'new')),
            before: baselineCount,
            removed: new Map(splitDigests(removedIds ?? '').map((id, at) => [id, removedRows[at] ?? null])),
        };
    });
    return createChanges(conditions, since.commit, since.time);
}
function createChanges(conditions, since, baselineOf) {
    const isCompared = conditions.some((changes) => changes !== null);
    return isCompared ? { since: since.slice(0, 7), baselineOf, conditions } : null;
}
function compareFinding({ matched, key, ids, waivedKeyIds }, then) {
    const before = then.count;
    const isComparable = key !== null && (then.count === 0 || then.key === key || (matched === 0 && then.key !== null));
    if (!isComparable)
        return { itemStates: null, before, removed: new Map() };
    const removed = new Map(then.items);
    const itemStates = splitDigests(ids).map((id) => (removed.delete(id) ? 'still' : 'new'));
    for (const id of splitDigests(waivedKeyIds))
        removed.delete(id);
    return { itemStates, before, removed };
}
function listRemovedItems(changes, findings) {
    const removed = new Map();
    const present = new Map();
    for (const [at, one] of (changes?.conditions ?? []).entries()) {
        if (!one?.removed.size)
            continue;
        const key = findings[at]?.key ?? null;
        const here = present.get(key) ?? collectIds(findings.filter((finding) => finding.key === key));
        present.set(key, here);
        for (const [id, row] of one.removed)
            if (!here.has(id))
                removed.set(id, row ?? removed.get(id) ?? null);
    }
    return [...removed.values()];
}
function collectIds(findings) {
    return new Set(findings.flatMap(({ ids, waivedKeyIds }) => splitDigests(ids + waivedKeyIds)));
}

// EXTERNAL MODULE: external "node:zlib"
var external_node_zlib_ = __nccwpck_require__(8522);
;// CONCATENATED MODULE: ./src/comment/memory.ts





function createMarker(...parts) {
    return `<!-- alloovium:${shaOf(JSON.stringify(parts))} -->`;
}
const MAX_STATE_LENGTH = 12_000;
const MAX_HIDDEN_LENGTH = MAX_STATE_LENGTH + 80;
const INFLATED_BYTES = 1024 * 1024;
const STATE_START = '<!-- alloovium-state:';
const STATE_LINE = /^<!-- alloovium-state:([0-9a-f]{32})\.([A-Za-z0-9+/=]{1,12000}) -->$/;
function appendMemory(visible, memory) {
    const state = encodeState(memory);
    return `${visible}\n\n${STATE_START}${checksumOf(visible, state)}.${state} -->`;
}
function formatComment(text, memory) {
    return appendMemory(text, { ...memory, text: (0,item_identity/* digest */.br)(text.trimEnd()) });
}
function parseComment(body) {
    const lines = body.split('\n');
    const places = [...lines.keys()].filter((at) => lines[at]?.startsWith(STATE_START));
    const [at = lines.length, ...others] = places;
    const visible = [...lines.slice(0, at), ...lines.slice(at + 1)].join('\n').trimEnd();
    const [, seal, state = ''] = STATE_LINE.exec(lines[at] ?? '') ?? [];
    const isWhole = others.length === 0 && seal === checksumOf(visible, state);
    return { visible, memory: isWhole ? decodeState(state) : null };
}
function isTextWhole(visible, { text }) {
    return text === (0,item_identity/* digest */.br)(visible);
}
function checksumOf(visible, state) {
    const [firstLine = ''] = visible.split('\n', 1);
    return shaOf(firstLine + state);
}
function shaOf(text) {
    return (0,external_node_crypto_.createHash)('sha256').update(text).digest('hex').slice(0, 32);
}
const LEVELS = [
    { items: 1_000, rows: 200 },
    { items: 1_000, rows: 0 },
    { items: 300, rows: 0 },
    { items: 20, rows: 0 },
    { items: 0, rows: 0 },
];
function encodeState({ commit, text, contentDigest, isWarned, author, red, runs }) {
    const head = {
        commit,
        text,
        says: contentDigest,
        isWarned,
        author: toStoredWriter(author),
        red: red.map(toStoredWriter),
    };
    for (const level of LEVELS) {
        const kept = [...runs].map(([of, { conditions, ...run }]) => ({
            of,
            ...run,
            conditions: conditions.map((finding) => limitItems(finding, level)),
        }));
        const state = compress({ ...head, runs: kept });
        if (state.length <= MAX_STATE_LENGTH)
            return state;
    }
    return compress({ ...head, runs: [] });
}
function toStoredWriter({ createdAt, ...writer }) {
    return { ...writer, createdAt: Object.fromEntries(createdAt) };
}
function compress(value) {
    return (0,external_node_zlib_.deflateRawSync)(JSON.stringify(value)).toString('base64');
}
function limitItems({ items, ...finding }, max) {
    if (items.size > max.items)
        return finding;
    const kept = [...items].map(([id, row], at) => [id, at < max.rows ? row : null]);
    return { ...finding, items: Object.fromEntries(kept) };
}
const DIGEST = /^[A-Za-z0-9+/]{12}$/;
function decodeState(state) {
    try {
        const bytes = (0,external_node_zlib_.inflateRawSync)(Buffer.from(state, 'base64'), { maxOutputLength: INFLATED_BYTES });
        return readMemory((0,src_json/* asObject */.eB)((0,src_json/* parseJson */.qF)(bytes)));
    }
    catch {
        return null;
    }
}
function readMemory({ commit, author, text, says, isWarned, red, runs }) {
    return {
        commit: (0,src_json/* asText */.e1)(commit, SHA_OR_EMPTY),
        author: readWriter(author),
        text: (0,src_json/* asText */.e1)(text, DIGEST),
        contentDigest: (0,src_json/* asText */.e1)(says, DIGEST),
        isWarned: isWarned === true,
        red: (0,src_json/* asList */.DD)(red).map(readWriter),
        runs: new Map((0,src_json/* asList */.DD)(runs)
            .map(src_json/* asObject */.eB)
            .map(({ of, ...run }) => [(0,src_json/* asText */.e1)(of, DIGEST), readSnapshot(run)])),
    };
}
function readWriter(value) {
    const { id, review, judged, jobRun, attempt, createdAt } = (0,src_json/* asObject */.eB)(value);
    return {
        id: (0,src_json/* asText */.e1)(id, DIGEST),
        review: (0,src_json/* asText */.e1)(review, DIGEST),
        judged: judged === '' ? '' : (0,src_json/* asText */.e1)(judged, DIGEST),
        jobRun: (0,src_json/* asText */.e1)(jobRun, /^\d{1,20}$/),
        attempt: (0,src_json/* asCount */.Wg)(attempt),
        createdAt: new Map(Object.entries((0,src_json/* asObject */.eB)(createdAt)).map(([name, ms]) => [(0,src_json/* asText */.e1)(name, DIGEST), (0,src_json/* asCount */.Wg)(ms)])),
    };
}
function readSnapshot({ madeAt, commit, conditions }) {
    return {
        madeAt: (0,src_json/* asCount */.Wg)(madeAt),
        commit: (0,src_json/* asText */.e1)(commit, SHA_OR_EMPTY),
        conditions: (0,src_json/* asList */.DD)(conditions).map(readFinding),
    };
}
function readFinding(value) {
    const { id, count, key = null, items } = (0,src_json/* asObject */.eB)(value);
    const hasItems = key !== null && items !== undefined;
    const rows = Object.entries(hasItems ? (0,src_json/* asObject */.eB)(items) : {});
    const finding = {
        id: (0,src_json/* asText */.e1)(id, DIGEST),
        count: (0,src_json/* asCount */.Wg)(count),
        key: hasItems ? (0,src_json/* asText */.e1)(key) : null,
        items: new Map(rows.map(([fingerprint, row]) => [(0,src_json/* asText */.e1)(fingerprint, DIGEST), row === null ? null : (0,src_json/* asObject */.eB)(row)])),
    };
    return rows.length <= finding.count ? finding : (0,src_json/* throwDamaged */.Wp)();
}

// EXTERNAL MODULE: ./src/gate/field-lists.ts
var field_lists = __nccwpck_require__(7543);
;// CONCATENATED MODULE: ./src/report/columns.ts



const MAX_COLUMNS = {
    comment: { ofRun: 4, ofAuthor: 4 },
    summary: { ofRun: 6, ofAuthor: 8 },
};
const MAX_KEYS = 64;
const MAX_LEAVES = 4;
const MAX_NESTED = 80;
function joinCellTexts({ texts }) {
    return texts.join(', ');
}
const EMPTY = { texts: [], isCode: false };
function createTextCell(text) {
    return text.trim() === '' ? EMPTY : { texts: [text.trim()], isCode: false };
}
function cellOf(value) {
    if (value === undefined || value === null)
        return EMPTY;
    if (!isNested(value))
        return createTextCell(typeof value === 'string' ? value : JSON.stringify(value));
    const leaves = [];
    collectLeaves(value, leaves);
    if (leaves.length > MAX_LEAVES)
        leaves[MAX_LEAVES] = '…';
    if (leaves.length > 0)
        return { texts: leaves, isCode: false };
    const json = JSON.stringify(value);
    return /^(?:[[\]{},]|null)*$/.test(json) ? EMPTY : { texts: [(0,text_escape/* truncate */.xv)(json, MAX_NESTED)], isCode: true };
}
function isNested(value) {
    return typeof value === 'object' && value !== null && !(0,src_json/* isExactNumber */.zr)(value);
}
function collectLeaves(value, leaves) {
    if (leaves.length > MAX_LEAVES)
        return;
    if (isNested(value)) {
        for (const one of (0,src_json/* isList */.Lv)(value) ? value : Object.values(value))
            collectLeaves(one, leaves);
        return;
    }
    if (typeof value !== 'boolean')
        leaves.push(...cellOf(value).texts);
}
function valueAt(item, field) {
    if (!(0,src_json/* isJsonObject */.OW)(item))
        return undefined;
    if (Object.hasOwn(item, field))
        return item[field];
    return field.includes('.') ? followPath(item, field.split('.')) : undefined;
}
function followPath(value, [key, ...rest]) {
    if (key === undefined)
        return value;
    if ((0,src_json/* isList */.Lv)(value)) {
        const found = value.map((one) => followPath(one, [key, ...rest])).filter((one) => one !== undefined);
        return found.length === 0 ? undefined : found;
    }
    const next = (0,src_json/* isJsonObject */.OW)(value) && Object.hasOwn(value, key) ? value[key] : undefined;
    return next === undefined ? undefined : followPath(next, rest);
}
const MACHINE_ID = /^((?:[a-z]{1,12}_)?)(?=(.{8}))(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16,64})$/i;
function shortenIds(ids) {
    const short = ids.map((id) => id.replace(MACHINE_ID, '$1$2'));
    return new Set(short).size === new Set(ids).size ? short : ids;
}
function readField(rows, field) {
    const values = rows.map((row) => valueAt(row, field));
    const cells = values.map(cellOf);
    const ids = values.map((value) => typeof value === 'string' && MACHINE_ID.test(value.trim()) ? value.trim() : null);
    const [first] = values;
    const same = first === undefined ? null : JSON.stringify(first);
    return {
        field,
        areIds: ids.every((id, at) => id !== null || cells[at] === EMPTY),
        cells: ids.some((id) => id !== null) ? shortenIdCells(cells, ids) : cells,
        isSameInAll: values.length > 1 && values.every((value) => JSON.stringify(value ?? null) === same),
    };
}
function shortenIdCells(cells, ids) {
    const short = shortenIds(cells.map(joinCellTexts));
    return cells.map((cell, at) => (ids[at] === null ? cell : { texts: [short[at] ?? ''], isCode: true }));
}
const hasText = ({ cells }) => cells.some((cell) => cell.texts.length > 0);
function chooseColumns(rows, authorFields, most) {
    const authors = authorFields.map((field) => readField(rows, field)).filter(hasText);
    if (authors.length > 0) {
        const columns = authors.slice(0, most.ofAuthor);
        return { columns, same: [], leftOut: authors.length - columns.length };
    }
    const keys = [...new Set(rows.flatMap((row) => ((0,src_json/* isJsonObject */.OW)(row) ? Object.keys(row) : [])))];
    const fields = keys
        .slice(0, MAX_KEYS)
        .map((key) => readField(rows, key))
        .filter(hasText);
    const differing = fields.filter(({ isSameInAll }) => !isSameInAll);
    const isSameInAll = fields.length >= 3 && differing.length > 0;
    const candidates = isSameInAll ? differing : fields;
    const kept = new Set([...candidates].sort((a, b) => Number(a.areIds) - Number(b.areIds)).slice(0, most.ofRun));
    const columns = candidates.filter((field) => kept.has(field));
    const same = isSameInAll ? fields.filter(({ isSameInAll }) => isSameInAll).slice(0, most.ofRun) : [];
    const unseen = keys.length - Math.min(keys.length, MAX_KEYS);
    return { columns, same, leftOut: fields.length + unseen - columns.length - same.length };
}
function isPlainWord(field) {
    return /^(?:\p{Script=Latin}[[\p{Ll}&&\p{Script=Latin}]0-9]{0,39}|[A-Z][A-Z0-9]{0,39})$/v.test(field);
}
function cellOfItem(item) {
    const cell = cellOf(item);
    return cell === EMPTY ? { texts: [JSON.stringify(item)], isCode: true } : cell;
}
const MAX_KEPT = 400;
function buildPlainTable(items, authorFields, maxRows) {
    const kept = items.slice(0, MAX_KEPT);
    const areObjects = kept.every((item) => (0,src_json/* isJsonObject */.OW)(item));
    const { columns, same } = chooseColumns(areObjects ? kept : [], authorFields, MAX_COLUMNS.comment);
    const rows = kept.slice(0, maxRows).map((item, at) => {
        const cells = columns.map(({ cells }) => joinCellTexts(cells[at] ?? EMPTY));
        return cells.some((text) => text !== '') ? cells : [joinCellTexts(cellOfItem(item))];
    });
    const once = same.map(({ field, cells }) => `${field} ${joinCellTexts(cells[0] ?? EMPTY)}`);
    const more = items.length - rows.length;
    const below = [
        once.length > 0 && `In all rows: ${once.join(' · ')}`,
        more > 0 && `${(0,format/* formatNumber */.ZV)(more)} more`,
    ];
    return {
        fields: columns.length > 0 ? columns.map(({ field }) => (0,text_escape/* escapeInvisible */.ts)(field)) : ['item'],
        rows: rows.map((row) => row.map(text_escape/* escapeInvisible */.ts)),
        below: below.filter((text) => text !== false).map(text_escape/* escapeInvisible */.ts),
    };
}

;// CONCATENATED MODULE: ./src/comment/snapshot.ts






function createSnapshot(findings, run, columns = new Map()) {
    const ids = (0,item_identity/* identifyConditions */.F1)(findings.map(({ condition }) => condition));
    const conditions = findings.flatMap((finding, at) => {
        const { result, matched: count, key } = finding;
        if (result === 'cannot_be_evaluated')
            return [];
        const fields = key?.split(', ') ?? [];
        const [name = ''] = (0,field_lists/* fieldsFor */.VV)(columns, finding.condition);
        const items = new Map();
        for (const [nth, print] of splitDigests(finding.ids).entries()) {
            const row = finding.rows[nth];
            if (print !== item_identity/* NO_FINGERPRINT */.pk)
                items.set(print, (0,src_json/* isJsonObject */.OW)(row) ? shortenItem(row, fields, name) : null);
        }
        return [{ id: ids[at] ?? '', count, key: count === 0 ? null : key, items }];
    });
    return { ...run, conditions };
}
function shortenValue(value) {
    return typeof value === 'string' ? (0,text_escape/* truncate */.xv)(value, 60) : value;
}
const MAX_FIELDS = 4;
function shortenItem(item, known, nameField) {
    const named = cellOf(valueAt(item, nameField));
    const fields = new Map();
    for (const [name, value] of Object.entries(item)) {
        const plain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
        if (name.length > 60 || (!known.includes(name) && (!plain || fields.size >= MAX_FIELDS)))
            continue;
        fields.set(name, shortenValue(value));
    }
    if (nameField.length <= 60 && named.texts.length > 0 && !fields.has(nameField))
        fields.set(nameField, shortenValue(joinCellTexts(named)));
    return Object.fromEntries(fields);
}

;// CONCATENATED MODULE: ./src/report/table.ts




function formatTable(header, rows, rules = []) {
    const line = (cells) => `| ${header.map((_, at) => cells[at] ?? '').join(' | ')} |`;
    const rule = `|${header.map((_, at) => rules[at] ?? ':--').join('|')}|`;
    return [line(header), rule, ...rows.map(line)].join('\n');
}
function formatCollapsed(summaryHtml, body) {
    return `<details><summary>${summaryHtml}</summary>\n\n${body}\n\n</details>`;
}
const MAX_HEADER = 40;
const MAX_PATH_END = 24;
const MAX_CELL = 200;
const MAX_NAME = 60;
function formatRecordTable(rows, look) {
    if (rows.length === 0 || !rows.every((row) => (0,src_json/* isJsonObject */.OW)(row)))
        return null;
    const { most, cell = MAX_CELL, sink = 'summary', authorFields = [], urlOf } = look;
    const { columns, same, leftOut } = chooseColumns(rows, authorFields, MAX_COLUMNS[sink]);
    if (columns.length === 0)
        return null;
    const lines = rows.slice(0, Math.max(1, most)).map((row, at) => {
        const cells = columns.map((column) => formatCell(column.cells[at], cell));
        return linkFirstCell(cells, urlOf?.(row) ?? '');
    });
    const once = same.map((column) => `${(0,text_escape/* formatCode */.P_)(column.field, MAX_HEADER)} ${formatCell(column.cells[0], cell)}`);
    return {
        markdown: (0,format/* joinPresent */.uE)('\n\n', formatMarkedTable(columns.map(formatHeader), lines, look.marks ?? null), once.length > 0 && `In all rows: ${once.join(' · ')}`),
        leftOut,
    };
}
function formatItemTable(rows, look) {
    const records = formatRecordTable(rows, look);
    if (records !== null)
        return records.markdown;
    const { most, cell = MAX_CELL, marks = null } = look;
    const lines = rows.slice(0, Math.max(1, most)).map((row) => [formatCell(cellOfItem(row), cell)]);
    return formatMarkedTable(['Item'], lines, marks);
}
function formatItemNames(items, firsts, urlOf) {
    const { columns } = chooseColumns(items, [], MAX_COLUMNS.comment);
    return items.map((item, at) => {
        const given = firsts.map((field) => formatCell(cellOf(valueAt(item, field)), MAX_NAME));
        const own = given.find((text) => text !== '');
        const cells = own === undefined ? columns.slice(0, 2).map(({ cells }) => formatCell(cells[at], MAX_NAME)) : [own];
        const name = (0,format/* joinPresent */.uE)(', ', ...linkFirstCell(cells, urlOf(item)));
        return name === '' ? (0,text_escape/* link */.nf)(formatCell(cellOfItem(item), MAX_NAME), urlOf(item)) : name;
    });
}
function linkFirstCell(cells, url) {
    const first = cells.findIndex((cell) => cell !== '');
    return cells.map((cell, at) => (at === first ? (0,text_escape/* link */.nf)(cell, url) : cell));
}
function formatCell(cell, max) {
    if (cell === undefined)
        return '';
    let left = max;
    const shown = [];
    for (const text of cell.texts) {
        if (left <= 0)
            break;
        shown.push((cell.isCode ? text_escape/* formatCode */.P_ : text_escape/* escapeForText */.Oh)(text, left));
        left -= text.length + SEPARATOR.length;
    }
    return shown.length < cell.texts.length ? `${shown.join(SEPARATOR)}…` : shown.join(SEPARATOR);
}
const SEPARATOR = ', ';
function formatMarkedTable(titles, lines, marks) {
    if (marks === null)
        return formatTable(titles, lines);
    const all = lines.map((line, at) => [marks[at] ?? '', ...line]);
    return formatTable(['', ...titles], all);
}
function shortenPath(field) {
    if (field.length <= MAX_HEADER || !field.includes('.'))
        return field;
    const end = field.slice(-MAX_PATH_END);
    return `…${end.slice(Math.max(0, end.indexOf('.')))}`;
}
function formatHeader({ field }) {
    return isPlainWord(field) ? (0,text_escape/* escapeForProse */.Ci)((0,format/* capitalise */.sK)(field)) : (0,text_escape/* formatCode */.P_)(shortenPath(field), MAX_HEADER);
}
const MAX_TABLE_ROWS = 50;
function renderValue(value, maxLength) {
    if (typeof value === 'string')
        return renderWithin(maxLength, value.length, (budget) => formatParagraphs(value, budget));
    if (!isNested(value))
        return (0,text_escape/* formatCode */.P_)(JSON.stringify(value), Math.min(maxLength, MAX_CELL));
    if ((0,src_json/* isList */.Lv)(value)) {
        const first = value.slice(0, MAX_TABLE_ROWS);
        const records = renderWithin(maxLength, first.length, (rows) => {
            const records = formatRecordTable(first, { most: rows });
            const more = records === null ? 0 : value.length - rows;
            const fields = records?.leftOut ?? 0;
            return (0,format/* joinPresent */.uE)('\n\n', records?.markdown, more > 0 && `… and ${(0,format/* formatNumber */.ZV)(more)} more.`, fields > 0 && `… and ${(0,format/* formatCount */.B4)(fields, 'more field')} per item: all are in \`outputs_file\`.`);
        });
        if (records !== '' && records.length <= maxLength)
            return records;
    }
    const json = JSON.stringify(value, null, 2);
    return renderWithin(maxLength, json.length, (budget) => (0,text_escape/* formatCodeBlock */.mU)(json, budget, 'json'));
}
function renderWithin(maxLength, all, render) {
    const budget = Math.min(all, maxLength);
    const text = render(budget);
    if (text.length <= maxLength || budget <= 1)
        return text;
    return renderWithin(maxLength, Math.floor(((budget * maxLength) / text.length) * 0.95), render);
}
function formatParagraphs(text, most) {
    const blocks = (0,text_escape/* escapeInvisible */.ts)((0,text_escape/* truncate */.xv)(text, most + 1))
        .split(/\n\s*\n/)
        .map((block) => {
        const lines = block.split('\n').filter((line) => line.trim() !== '');
        return lines.map((line) => (0,text_escape/* escapeForText */.Oh)(line, line.length)).join('<br>');
    });
    return (0,format/* joinPresent */.uE)('\n\n', ...blocks) || '(empty)';
}

;// CONCATENATED MODULE: ./src/report/findings.ts











function countedFindings({ findings }) {
    const red = findings.filter(isRed);
    const gated = red.length > 0 ? red : findings.filter(({ isExcused }) => isExcused === true);
    return gated.length > 0 ? gated : findings.filter(isWarning);
}
function renderFindings(run, view) {
    const wanted = ['red', 'warned'].flatMap((kind) => {
        const of = run.findings.filter(kind === 'red' ? isRed : isWarning);
        let left = kind === 'red' ? view.rows : view.warned;
        const sorted = [...of].sort((a, b) => Number(b.matched > 0) - Number(a.matched > 0));
        return sorted.slice(0, view.conditions).map((finding, at, all) => {
            const rows = finding.rows.filter((_row, nth) => !isKnownRow(finding, nth)).length;
            const most = Math.min(Math.ceil(left / (all.length - at)), rows);
            left -= most;
            return { finding, most };
        });
    });
    const isPlain = wanted.length === 1;
    const tables = wanted.map(({ finding, most }) => renderFinding(run, finding, most, isPlain, view));
    const more = run.findings.filter((one) => isRed(one) || isWarning(one)).length - wanted.length;
    return {
        parts: [
            ...tables.flatMap(({ parts }) => parts),
            more > 0 && view.conditions > 0 ? `… and ${(0,format/* formatCount */.B4)(more, 'more condition')}: see the gate.` : '',
        ],
        seen: new Set(tables.flatMap(({ rows }) => rows.map((row) => JSON.stringify(row)))),
    };
}
function renderFinding(run, finding, most, isPlain, view) {
    const { cell, folded, isComment, links } = view;
    const { condition, matched, problem, result } = finding;
    const { rows, marks, legend } = selectRows(run, finding, isComment ? most : null);
    const look = {
        cell,
        sink: isComment ? 'comment' : 'summary',
        authorFields: (0,field_lists/* fieldsFor */.VV)(run.entry.columns, condition),
        marks,
        urlOf: (item) => fillUrl(links.itemUrl, run, item),
    };
    const why = result === 'cannot_be_evaluated' ? `: ${(0,text_escape/* escapeForText */.Oh)(problem ?? '', 500, true)}` : '';
    const sentence = `${condition.severity === 'warn' ? '⚠️' : '❌'} ${formatFinding(finding)}${why}`;
    const isRepeated = isPlain && (why === '' ? matched > 0 || condition.name !== null : isReasonInHeading(run));
    const isAll = isComment || countOpen(finding) <= most || folded === 0;
    const parts = [
        isRepeated ? '' : sentence,
        most === 0 ? '' : formatItemTable(rows, { ...look, most }),
        legend,
        isAll ? formatMore(finding, most, view) : renderAllItems(finding, rows, look, folded),
    ];
    return { parts, rows: rows.slice(0, isAll ? most : Math.max(most, folded)) };
}
function isReasonInHeading({ entry, findings }) {
    const only = findings.find((one) => isRed(one) || isWarning(one));
    return entry.name === '' && only !== undefined && isReasonInHeadline(only);
}
function countFieldsLeftOut(run, sink) {
    const shown = run.findings.filter((one) => isRed(one) || isWarning(one));
    const counts = shown.map((one) => {
        const { rows } = selectRows(run, one);
        const given = (0,field_lists/* fieldsFor */.VV)(run.entry.columns, one.condition);
        return rows.every((row) => (0,src_json/* isJsonObject */.OW)(row)) ? chooseColumns(rows, given, MAX_COLUMNS[sink]).leftOut : 0;
    });
    return Math.max(0, ...counts);
}
function formatFinding(finding, code = text_escape/* formatCode */.P_, wording = 'sentence') {
    const { name, expression } = finding.condition;
    return describeFinding(finding, wording, name === null ? code(expression, 100) : `“${(0,text_escape/* escapeForProse */.Ci)(name, 64)}”`);
}
function formatMore(finding, most, { elsewhere }) {
    const count = countOpen(finding) - most;
    return count <= 0 ? '' : `**${(0,format/* formatNumber */.ZV)(count)}${most > 0 ? ' more' : ''}:** ${elsewhere}`;
}
function renderAllItems(finding, rows, look, folded) {
    const { name, expression } = finding.condition;
    const most = Math.min(folded, rows.length);
    const all = countOpen(finding);
    const what = name === null ? (0,text_escape/* formatHtmlCode */.Wx)(expression, 100) : (0,text_escape/* escapeForProse */.Ci)((0,format/* capitalise */.sK)(name), 64);
    const title = `${what}: ${most === all ? `all ${(0,format/* formatNumber */.ZV)(all)}` : `the first ${(0,format/* formatNumber */.ZV)(most)} of ${(0,format/* formatNumber */.ZV)(all)}`}`;
    const rest = all - most;
    const more = rest > 0 && `**${(0,format/* formatNumber */.ZV)(rest)} more:** \`gate_file\``;
    return formatCollapsed(title, (0,format/* joinPresent */.uE)('\n\n', formatItemTable(rows, { ...look, most }), more));
}
function countOpen(finding) {
    return finding.matched - countKnown(finding);
}
const SPELLED_OTHERWISE = '≈';
const MAX_IN_LEGEND = 5;
function selectRows(run, finding, shown = null) {
    const items = listOpenItems(run, finding);
    const marks = items.map(({ mark, spelling }) => (0,format/* joinPresent */.uE)(' ', mark, spelling !== '' && (shown === null ? spelling : SPELLED_OTHERWISE)));
    const hasMarks = itemStatesOf(run, finding) !== null || marks.some((mark) => mark !== '');
    const spellings = [...new Set(items.slice(0, shown ?? 0).map(({ spelling }) => spelling))].filter(Boolean);
    const more = spellings.length > MAX_IN_LEGEND && '…';
    return {
        rows: items.map(({ row }) => row),
        marks: hasMarks ? marks : null,
        legend: spellings.length === 0
            ? ''
            : `${SPELLED_OTHERWISE} ${(0,format/* joinPresent */.uE)('; ', ...spellings.slice(0, MAX_IN_LEGEND), more)}`,
    };
}
function listOpenItems(run, finding) {
    const compared = itemStatesOf(run, finding);
    const items = finding.rows.flatMap((row, at) => {
        if (isKnownRow(finding, at))
            return [];
        const isNew = compared?.[at] === 'new';
        const remarks = finding.fieldChanges.get(at) ?? [];
        const nearTexts = finding.nearTexts.get(at) ?? [];
        const mark = (0,format/* joinPresent */.uE)(' ', isNew && '**new**', remarks.map(describeFieldChange).join(', '));
        const spelling = nearTexts.slice(0, MAX_NEAR_TEXTS).map(describeNearText).join(', ');
        return [{ row, isNew, mark, spelling }];
    });
    return [...items.filter(({ isNew }) => isNew), ...items.filter(({ isNew }) => !isNew)];
}
function isKnownRow({ isExcused, known }, at) {
    return isExcused !== null && known?.[at] === true;
}
const MAX_NEAR_TEXTS = 2;
function describeNearText({ literal, text }) {
    return `${(0,text_escape/* formatCode */.P_)(text, 60)}, where the condition says ${(0,text_escape/* formatCode */.P_)(literal, 60)}`;
}
function describeFieldChange(remark) {
    switch (remark.kind) {
        case 'field_changed':
            return `${(0,text_escape/* formatCode */.P_)(remark.field, 40)}: ${(0,text_escape/* escapeForText */.Oh)(remark.then, 40) || '*empty*'} → ${(0,text_escape/* escapeForText */.Oh)(remark.now, 40) || '*empty*'}`;
        case 'field_empty':
            return `${(0,text_escape/* formatCode */.P_)(remark.field, 40)} is empty`;
        case 'waiver_ended':
            return `waived until ${remark.until}`;
        case 'waiver_exceeded':
            return `a waiver fits ${(0,format/* formatNumber */.ZV)(remark.items)} items, \`count: ${remark.count}\`: name another field`;
    }
}
function itemStatesOf({ findings, changes }, finding) {
    return changes?.conditions[findings.indexOf(finding)]?.itemStates ?? null;
}
function runUrlOf(run, links) {
    return run.runId === '' ? '' : fillUrl(links.runUrl, run, null);
}
function listNonBlocking(run, { folded, links }) {
    const { findings: all, entry } = run;
    const waived = collectWaived(all);
    const reasons = waived.rows.map(({ by }) => {
        const { because = '', until = null } = entry.waivers[by] ?? {};
        return `(${(0,format/* joinPresent */.uE)(', ', (0,text_escape/* escapeForText */.Oh)(because, 100), until !== null && `until ${until}`)})`;
    });
    const lists = all.filter(({ unmatched }) => unmatched !== null);
    const [only] = lists.length === 1 ? lists : [];
    const removed = listRemovedItems(run.changes, run.findings);
    const knownRows = all.flatMap((finding) => finding.rows.filter((_, at) => isKnownRow(finding, at)));
    const firsts = all.flatMap(({ condition }) => (0,field_lists/* fieldsFor */.VV)(entry.columns, condition).slice(0, 1));
    const groups = [
        ['no longer matching', removed.filter((row) => row !== null), removed.length],
        ['known', knownRows, (0,format/* sumOf */.XN)(all, countKnown)],
        ['waived', waived.rows.map(({ item }) => item), waived.count],
        ['passed', only?.unmatchedRows ?? [], only?.unmatched ?? 0],
    ];
    return groups
        .filter(([, , count]) => count > 0)
        .map(([word, items, count]) => {
        const names = formatItemNames(items, firsts, (item) => fillUrl(links.itemUrl, run, item));
        const shown = names
            .slice(0, folded)
            .map((name, at) => (0,format/* joinPresent */.uE)(' ', name, word === 'waived' && reasons[at]));
        const rest = count - shown.length;
        const more = rest > 0 && `${(0,format/* formatNumber */.ZV)(rest)}${shown.length > 0 ? ' more' : ''}`;
        return { word, count, line: `**${(0,format/* capitalise */.sK)(word)}:** ${(0,format/* joinPresent */.uE)(' · ', ...shown, more)}` };
    });
}
function formatGateLine(run, view) {
    const { findings: all } = run;
    const isListed = areReasonsListed(run, view);
    const gate = all.slice(0, view.conditions).map((finding) => {
        const { name, expression } = finding.condition;
        return `${iconOfFinding(finding)} ${name === null ? (0,text_escape/* formatCode */.P_)(expression, 100) : (0,text_escape/* escapeForProse */.Ci)(name, 64)}: ${formatOutcome(finding, isListed)}`;
    });
    const rest = all.length - gate.length;
    return `**Gate:** ${(0,format/* joinPresent */.uE)(' · ', ...gate, rest > 0 && (gate.length > 0 ? `${(0,format/* formatNumber */.ZV)(rest)} more` : (0,format/* formatCount */.B4)(rest, 'condition')))}`;
}
function iconOfFinding(finding) {
    return isRed(finding) ? '❌' : isWarning(finding) ? '⚠️' : '✅';
}
function areReasonsListed(run, { conditions }) {
    const listed = run.findings.filter((one) => isRed(one) || isWarning(one)).length;
    return listed <= conditions && (listed > 1 || !isReasonInHeading(run));
}
function formatOutcome(finding, isReasonListed) {
    const { problem, notices } = finding;
    return (0,format/* joinPresent */.uE)(': ', formatResult(finding), ...[isReasonListed ? '' : (problem ?? ''), ...notices].map((text) => (0,text_escape/* escapeForText */.Oh)(text, 200, true)));
}
function formatGateTable(run, view) {
    const { findings } = run;
    const { conditions, cell } = view;
    const isListed = areReasonsListed(run, view);
    const hasNames = findings.some(({ condition }) => condition.name !== null);
    const rows = findings
        .slice(0, conditions)
        .map((finding) => [
        iconOfFinding(finding),
        ...(hasNames ? [(0,text_escape/* escapeForProse */.Ci)(finding.condition.name ?? '', 64)] : []),
        (0,text_escape/* formatCode */.P_)(finding.condition.expression, Math.max(cell, 100)),
        formatOutcome(finding, isListed),
    ]);
    const more = findings.length - rows.length;
    return (0,format/* joinPresent */.uE)('\n\n', formatTable(['', ...(hasNames ? ['Condition'] : []), 'Expression', 'Result'], rows), more > 0 && `… and ${(0,format/* formatNumber */.ZV)(more)} more.`);
}
function describeJoinedRun({ run, origin }) {
    if (origin?.kind !== 'joined')
        return '';
    const time = (0,format/* formatTime */.fU)(run?.createdAt ?? '') || (0,format/* formatTime */.fU)(run?.startedAt ?? '');
    return (0,format/* joinPresent */.uE)(', ', `a run ${time === '' ? 'that existed before' : `of ${time}`}`, origin.ageMs !== null && `${(0,format/* formatDuration */.a3)(origin.ageMs)} old when joined`);
}

;// CONCATENATED MODULE: ./src/report/blocks.ts

function formatSentence(text, max) {
    const pieces = text.slice(0, max * 2).split('`');
    if (pieces.length === 1 || pieces.length % 2 === 0)
        return (0,text_escape/* escapeForText */.Oh)(text, max);
    return pieces
        .map((piece, at) => {
        if (at % 2 === 1)
            return (0,text_escape/* formatCode */.P_)(piece, max);
        const before = /^\s/.test(piece) ? ' ' : '';
        const after = /\S\s+$/.test(piece) ? ' ' : '';
        const isApart = (at === 0 || before !== '') && (at === pieces.length - 1 || after !== '');
        return before + (isApart ? text_escape/* escapeForText */.Oh : text_escape/* escapeForProse */.Ci)(piece, max) + after;
    })
        .join('');
}
function quoteLines(text, max) {
    if (max === 0)
        return '';
    const start = text.slice(0, 10_000).trimEnd();
    if (start.includes('\n  '))
        return (0,text_escape/* formatCodeBlock */.mU)(start, max);
    const MAX_LINES = 12;
    const lines = start
        .split(/\r\n|\r|\n/)
        .filter((line) => line.trim() !== '')
        .slice(0, MAX_LINES + 1)
        .map((line) => formatSentence(line, Math.ceil(max / MAX_LINES)));
    if (lines.length > MAX_LINES)
        lines[MAX_LINES] = '…';
    return lines.length === 0 ? '' : `> ${lines.join('<br>')}`;
}
function formatBulletList(lines) {
    const reported = lines.filter((line) => line !== '');
    return reported.map((line) => `- ${line}`).join('\n');
}

;// CONCATENATED MODULE: ./src/runs/rerun-advice.ts

function rerunKindOf(origin, { onRerun, isMergeQueue = false }) {
    if (isMergeQueue)
        return 'merge_queue';
    return origin?.kind === 'attached' ? 'run_id' : onRerun;
}
const NEW_START = {
    commit: 'A new commit',
    'job run': 'A new run of the GitHub workflow',
    key: 'Another `idempotency_key`',
};
function fillIn(sentence, { runId, idempotencyKey }) {
    return sentence.replaceAll('{run}', () => runId).replaceAll('{key}', () => idempotencyKey);
}
const START_NEW_RUN = {
    resume: 're-run the failed job: this starts a new run.',
    fresh: 're-run the failed job: this starts a new run.',
    run_id: 'start a new run and give its ID as `run_id`.',
    merge_queue: 'queue the pull request again: this starts a new run.',
    joined_older: 're-run this job: it joins a newer run if there is one, else launches one.',
};
function howToStartNewRun({ origin, joinedOlder }, terms) {
    const way = rerunKindOf(origin, terms);
    return START_NEW_RUN[way === 'resume' && joinedOlder ? 'joined_older' : way];
}
const QUEUE_AGAIN = 'Queue the pull request again: this starts a new run.';
const JOIN_SAME_RUN = 'Re-run this job: it joins the same run.';
const EVALUATE_SAME_RUN = 'Re-run this job: it evaluates the same run.';
const GIVE_RUN_ID = 'To evaluate the existing run, give `run_id: {run}`. A re-run starts another.';
const MAYBE_STARTED = 'A run may have started (key `{key}`)';
const JOIN_IF_STARTED = `${MAYBE_STARTED}. Re-run this job: with \`on_rerun: resume\` it joins that run if there is one.`;
const USE_SAME_RUN = {
    run: { resume: JOIN_SAME_RUN, run_id: JOIN_SAME_RUN, fresh: GIVE_RUN_ID, merge_queue: QUEUE_AGAIN },
    ended_run: {
        resume: EVALUATE_SAME_RUN,
        run_id: EVALUATE_SAME_RUN,
        fresh: GIVE_RUN_ID,
        merge_queue: QUEUE_AGAIN,
    },
    unknown: {
        resume: JOIN_IF_STARTED,
        run_id: JOIN_IF_STARTED,
        fresh: `${MAYBE_STARTED}: look for it in the Alloovium dashboard. With \`on_rerun: fresh\` a re-run launches another.`,
        merge_queue: `${MAYBE_STARTED}. ${QUEUE_AGAIN}`,
    },
    nothing: {
        resume: 'Re-run this job.',
        run_id: 'Re-run this job.',
        fresh: 'Re-run this job.',
        merge_queue: 'Queue the pull request again.',
    },
};
function leftoverOf({ ending, status, }) {
    const { left = 'nothing' } = 'left' in ending ? ending : {};
    return left === 'run' && (0,statuses/* isTerminal */.Hd)(status) ? 'ended_run' : left;
}
function howToUseSameRun(outcome, terms) {
    return fillIn(USE_SAME_RUN[leftoverOf(outcome)][rerunKindOf(outcome.origin, terms)], outcome);
}
const WITH_NEW_API_KEY = {
    run: 'With a new key a re-run starts a second run: to evaluate the first one, give `run_id: {run}`.',
    ended_run: 'With a new key a re-run starts a second run: to evaluate the first one, give `run_id: {run}`.',
    unknown: `${MAYBE_STARTED}: look for it in the Alloovium dashboard. With a new key a re-run launches another.`,
    nothing: '',
};
function howToRerunWithNewKey(outcome, terms) {
    const isJoined = rerunKindOf(outcome.origin, terms) === 'resume';
    const left = leftoverOf(outcome);
    return isJoined || left === 'nothing'
        ? fillIn(WITH_NEW_API_KEY[left], outcome)
        : howToUseSameRun(outcome, terms);
}
function howToTryAgain(terms) {
    return USE_SAME_RUN.nothing[rerunKindOf(null, terms)];
}

;// CONCATENATED MODULE: ./src/runs/describe-stopped.ts


const STEP_STOPPED = 'No verdict: the runner stopped this step';
const TIMEOUT = "If the step's `timeout-minutes` ended it, allow more.";
const LEFTOVERS = {
    run: { run: 'the run goes on at Alloovium', one: 'goes on at Alloovium', some: 'go on at Alloovium' },
    ended_run: {
        run: 'the run has ended without evaluation',
        one: 'has ended without evaluation',
        some: 'have ended without evaluation',
    },
    unknown: {
        run: 'a run may have started',
        one: 'may have started',
        some: 'may have started',
    },
    nothing: { run: 'nothing was started', one: 'was not started', some: 'were not started' },
};
const JOIN_RUN = 'Run {run} goes on at Alloovium: re-run this job, and it joins it.';
const EVALUATE_RUN = 'Run {run} has ended: re-run this job, and it evaluates that run.';
const describe_stopped_JOIN_IF_STARTED = `${MAYBE_STARTED}: re-run this job, and it joins that run if there is one.`;
const NEXT_STEPS = {
    run: {
        resume: JOIN_RUN,
        run_id: JOIN_RUN,
        fresh: 'Run {run} goes on at Alloovium: to evaluate it, give `run_id: {run}`. A re-run starts another.',
        merge_queue: `Run {run} goes on at Alloovium, and its result is not used. ${QUEUE_AGAIN}`,
    },
    ended_run: {
        resume: EVALUATE_RUN,
        run_id: EVALUATE_RUN,
        fresh: 'Run {run} has ended: to evaluate it, give `run_id: {run}`. A re-run starts another.',
        merge_queue: `Run {run} has ended without evaluation. ${QUEUE_AGAIN}`,
    },
    unknown: {
        resume: describe_stopped_JOIN_IF_STARTED,
        run_id: describe_stopped_JOIN_IF_STARTED,
        fresh: `${MAYBE_STARTED}: look for it in the Alloovium dashboard. With \`on_rerun: fresh\` a re-run launches another.`,
        merge_queue: `${MAYBE_STARTED}. ${QUEUE_AGAIN}`,
    },
    nothing: {
        resume: 'Nothing was started: re-run this job.',
        run_id: 'Nothing was started: re-run this job.',
        fresh: 'Nothing was started: re-run this job.',
        merge_queue: 'Nothing was started: queue the pull request again.',
    },
};
function describeStoppedBefore(terms) {
    return createSentences('nothing', NEXT_STEPS.nothing[rerunKindOf(null, terms)]);
}
function describeStoppedRun(outcome, terms) {
    const whereabouts = leftoverOf(outcome);
    return createSentences(whereabouts, fillIn(NEXT_STEPS[whereabouts][rerunKindOf(outcome.origin, terms)], outcome));
}
function createSentences(whereabouts, nextStep) {
    const { run, one } = LEFTOVERS[whereabouts];
    return {
        headline: `${STEP_STOPPED}; ${run}`,
        lead: STEP_STOPPED,
        brief: one,
        nextStep: `${nextStep} ${TIMEOUT}`,
    };
}
const SHOWN_NAMES = [3, 2, 1, 0];
const MAX_HEADLINE = 240;
const NEXT_STEPS_OF_SEVERAL = {
    resume: 'Re-run this job: it joins the existing runs that are not red, and starts new runs for the others.',
    run_id: 'Re-run this job: it evaluates the same runs.',
    fresh: 'To evaluate an existing run, give its ID as `run_id`: with `on_rerun: fresh` a re-run starts new runs.',
    merge_queue: 'Queue the pull request again: this starts new runs.',
};
function describeStoppedRuns(stopped, withVerdict, red, terms) {
    const groups = Map.groupBy(stopped, leftoverOf);
    const list = (most, nameOf = ({ entry }) => (0,format/* replaceSpecialCharacters */.Kx)(entry.name)) => Object.keys(LEFTOVERS)
        .filter((whereabouts) => groups.has(whereabouts))
        .map((whereabouts) => {
        const names = (groups.get(whereabouts) ?? []).map(nameOf);
        return `${most === 0 ? names.length : (0,format/* formatList */.ki)(names, most)} ${LEFTOVERS[whereabouts][names.length === 1 ? 'one' : 'some']}`;
    })
        .join('; ');
    const withKey = (outcome) => (0,format/* replaceSpecialCharacters */.Kx)(outcome.entry.name) +
        (leftoverOf(outcome) === 'unknown' ? fillIn(' (key `{key}`)', outcome) : '');
    const lead = withVerdict === 0
        ? STEP_STOPPED
        : `No verdict on ${stopped.length} of ${stopped.length + withVerdict} runs: the runner stopped this step`;
    const listRed = (most) => red.length > 0 &&
        `${most === 0 ? red.length : (0,format/* formatList */.ki)(red.map(format/* replaceSpecialCharacters */.Kx), most)} ${red.length === 1 ? 'is' : 'are'} red`;
    const headlines = SHOWN_NAMES.map((most) => `${lead}. ${(0,format/* joinPresent */.uE)('; ', list(most), listRed(most))}`);
    const ways = new Set(stopped.map(({ origin }) => rerunKindOf(origin, terms)));
    const [way = 'resume'] = ways.size === 1 ? ways : [rerunKindOf(null, terms)];
    const isNothing = [...groups.keys()].every((whereabouts) => whereabouts === 'nothing');
    const again = isNothing && way !== 'merge_queue' ? 'Re-run this job.' : NEXT_STEPS_OF_SEVERAL[way];
    return {
        headline: headlines.find(({ length }) => length <= MAX_HEADLINE) ?? lead,
        lead,
        nextStep: (0,format/* joinPresent */.uE)(' ', `${(0,format/* joinPresent */.uE)('; ', list(Infinity, withKey), listRed(Infinity))}.`, again, TIMEOUT),
    };
}

// EXTERNAL MODULE: ./src/text/excerpt.ts
var excerpt = __nccwpck_require__(214);
// EXTERNAL MODULE: ./src/text/nearest-name.ts
var nearest_name = __nccwpck_require__(7153);
// EXTERNAL MODULE: ./src/gate/waivers.ts
var gate_waivers = __nccwpck_require__(6322);
;// CONCATENATED MODULE: ./src/gate/baseline.ts









const NOT_EVALUATED = {
    results: [],
    used: new Set(),
    since: null,
    notice: '',
    baselineUnusedReason: '',
    baselineNotes: [],
};
const EVERY_NEW = 'Every finding counts as new';
function applyBaseline(results, context) {
    const { baseline, failOn } = context;
    const isAsked = failOn === 'new' && results.some(({ condition }) => condition.severity === 'fail');
    const found = baseline !== null && typeof baseline === 'object' ? findUsableItems(baseline, context) : baseline;
    const usable = typeof found === 'string' ? null : found;
    const whyUnusable = typeof found === 'string' ? found : '`baseline_file` is empty';
    const seen = new Map();
    const ids = (0,item_identity/* identifyConditions */.F1)(results.map(({ condition }) => condition));
    const compared = results.map((result, at) => compareResult(result, ids[at] ?? '', usable, seen, context));
    const unusedReasons = [
        ...groupReasons(compared),
        ...(usable === null && isAsked ? [`: ${whyUnusable}`] : []),
    ];
    return {
        results: compared.map(({ result }) => result),
        used: new Set(compared.flatMap(({ used }) => [...used])),
        since: usable?.since ?? null,
        notice: usable || isAsked || !baseline ? '' : `No baseline was used: ${whyUnusable}`,
        baselineUnusedReason: unusedReasons.length === 0 ? '' : `${EVERY_NEW}${unusedReasons.join(';')}`,
        baselineNotes: usable === null
            ? []
            : listBaselineNotes(usable, compared.map(({ result }) => result), context),
    };
}
function compareResult(evaluated, id, usable, seen, { knownBy, waivers, today, failOn, job }) {
    const { used, isWaived, ...left } = (0,gate_waivers/* applyWaivers */.Kw)(evaluated, waivers, today);
    const unwaived = { ...evaluated, ...left };
    const fields = (0,field_lists/* fieldsFor */.VV)(knownBy, unwaived.condition);
    const now = {
        ...unwaived,
        knownBy: fields,
        prints: (0,item_identity/* fingerprintItems */.Pv)(unwaived.matched, fields, seen),
        waivedPrints: (0,item_identity/* fingerprintItems */.Pv)(unwaived.waived.map(({ item }) => item), fields, seen),
    };
    const then = usable?.conditions.get(id);
    const comparison = usable
        ? compareWithBaseline(now, then, usable, { seen, isWaived, event: job.event })
        : NO_BASELINE;
    const isConcerned = failOn === 'new' && now.condition.severity === 'fail' && now.result === 'holds';
    const isKnown = now.matched.length > 0 && comparison.known?.every((each) => each) === true;
    const result = {
        ...now,
        ...comparison,
        fieldChanges: mergeFieldChanges(now.fieldChanges, comparison.fieldChanges),
        isExcused: isConcerned ? isKnown : null,
    };
    return { result, used, whyAllNew: isConcerned && usable ? whyAllNew(now, then) : '' };
}
function groupReasons(compared) {
    const byReason = Map.groupBy(compared.filter((one) => one.whyAllNew !== ''), (one) => one.whyAllNew);
    return [...byReason].map(([why, those]) => {
        const names = those.map(({ result }) => nameOf(result.condition));
        return ` for ${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''} (${why})`;
    });
}
function listBaselineNotes(usable, results, { job }) {
    if (results.every(({ knownBy }) => knownBy.length === 0))
        return [];
    const notes = results.flatMap(({ condition, matched, knownBy, isExcused }) => {
        const empty = isExcused === null ? describeEmptyField(matched, knownBy) : '';
        return empty === '' ? [] : [`Every item of ${nameOf(condition)} is new: ${empty}`];
    });
    const name = /^refs\/heads\/([\w./-]{1,100})$/.exec(job.defaultBranchRef)?.[1];
    const byHand = `Run this workflow by hand on ${name === undefined ? 'the default branch' : `\`${name}\``}`;
    if (usable.limit !== '')
        notes.push(`The baseline ${usable.limit}: only what it marks as known counts. ${byHand} for one that counts in full`);
    const unaccepted = results.reduce((sum, { known, knownOnSchedule }) => sum + [...knownOnSchedule].filter((at) => !known?.[at]).length, 0);
    if (unaccepted > 0)
        notes.push(`The baseline has ${(0,format/* formatCount */.B4)(unaccepted, 'item')} from red scheduled runs only: new on every other event. ${byHand} to accept what it has`);
    if (usable.leftOut > 0)
        notes.push(`The baseline leaves out ${(0,format/* formatCount */.B4)(usable.leftOut, 'item')} for size: they count as new`);
    return notes;
}
function mergeFieldChanges(some, more) {
    const joint = new Map(some);
    for (const [at, fieldChanges] of more)
        joint.set(at, [...(joint.get(at) ?? []), ...fieldChanges]);
    return joint;
}
const NO_BASELINE = {
    known: null,
    knownOnSchedule: new Set(),
    baselineCount: null,
    removed: null,
    fieldChanges: new Map(),
};
function compareWithBaseline(now, then, usable, { seen, isWaived, event, }) {
    const { matched, knownBy, prints } = now;
    const unknown = { ...NO_BASELINE, known: matched.map(() => false) };
    if (then === undefined || !then.isEvaluated || now.result === 'cannot_be_evaluated')
        return unknown;
    const baselineCount = usable.isFromThisRun ? null : then.matched.length;
    if (knownBy.length === 0)
        return { ...unknown, baselineCount };
    const [candidates, waived] = partition(findItemsThatMakeKnown(then, knownBy, usable), ({ item }) => !isWaived(item));
    const before = fingerprintKnowingItems(candidates, knownBy, seen);
    const accepted = before.filter((_, at) => candidates[at]?.knownTo === 'everybody');
    const isInBaseline = areCovered(prints, before);
    const isAccepted = areCovered(prints, accepted);
    const missing = findMissing(now, before, candidates, fingerprintKnowingItems(waived, knownBy, seen));
    const { fieldChanges, paired } = findFieldChanges(now, isInBaseline, missing);
    return {
        known: event === 'schedule' ? isInBaseline : isAccepted,
        knownOnSchedule: new Set([...prints.keys()].filter((at) => isInBaseline[at] && !isAccepted[at])),
        baselineCount,
        removed: missing.filter((one) => !paired.has(one)),
        fieldChanges,
    };
}
function findItemsThatMakeKnown(then, knownBy, usable) {
    const areMarksUsable = then.knownBy.join() === knownBy.join();
    return then.matched.flatMap((one) => {
        const knownTo = decideKnownTo(one, usable, areMarksUsable);
        return knownTo === 'nobody' ? [] : [{ item: one.item, knownTo }];
    });
}
function areCovered(prints, baseline) {
    const here = countOccurrences(prints);
    const there = countOccurrences(baseline);
    return prints.map((print) => print !== null && (here.get(print) ?? 0) <= (there.get(print) ?? 0));
}
function findMissing({ prints, waivedPrints }, before, items, waivedBefore) {
    const present = new Set((0,item_identity/* makeUnique */.Ki)([...prints, ...waivedPrints]));
    const ids = (0,item_identity/* makeUnique */.Ki)([...waivedBefore, ...before]).slice(waivedBefore.length);
    return items.flatMap(({ item }, at) => {
        const id = ids[at] ?? item_identity/* NO_FINGERPRINT */.pk;
        return id === item_identity/* NO_FINGERPRINT */.pk || present.has(id) ? [] : [{ item, id }];
    });
}
function fingerprintKnowingItems(items, knownBy, seen) {
    return (0,item_identity/* fingerprintItems */.Pv)(items.map(({ item }) => item), knownBy, seen);
}
function countOccurrences(prints) {
    const counts = new Map();
    for (const print of prints)
        counts.set(print, (counts.get(print) ?? 0) + 1);
    return counts;
}
function partition(list, test) {
    const yes = [];
    const no = [];
    for (const one of list)
        (test(one) ? yes : no).push(one);
    return [yes, no];
}
const MAX_FIELD_CHANGES = 1_000;
function findFieldChanges({ matched, knownBy, prints }, isInBaseline, missing) {
    const fieldChanges = new Map();
    const paired = new Set();
    const fresh = matched
        .flatMap((item, at) => (isInBaseline[at] === true || !(0,src_json/* isJsonObject */.OW)(item) ? [] : [{ item, at }]))
        .slice(0, MAX_FIELD_CHANGES);
    for (const field of missing.length === 0 ? [] : knownBy.toReversed()) {
        const others = knownBy.filter((other) => other !== field);
        const byOthers = (list) => Map.groupBy(list, ({ item }) => (0,item_identity/* joinFieldTexts */.dc)(item, others));
        const candidates = byOthers(missing.filter((one) => !paired.has(one)));
        for (const [key, those] of byOthers(fresh.filter(({ at }) => !fieldChanges.has(at)))) {
            const old = candidates.get(key) ?? [];
            const [one] = those;
            const [other] = old;
            if (key === null || !one || !other || those.length + old.length > 2)
                continue;
            const textIn = (item) => (0,excerpt/* copyStart */.G)((0,item_identity/* readFieldText */.kj)(item, field) ?? '', 80);
            fieldChanges.set(one.at, [
                { kind: 'field_changed', field, then: textIn(other.item), now: textIn(one.item) },
            ]);
            paired.add(other);
        }
    }
    const inAll = findEmptyFields(matched.filter((item) => (0,src_json/* isJsonObject */.OW)(item)), knownBy);
    for (const { item, at } of fresh) {
        const field = prints[at] === null
            ? knownBy.find((name) => !inAll.includes(name) && (0,item_identity/* readFieldText */.kj)(item, name) === null)
            : undefined;
        if (field !== undefined && !fieldChanges.has(at))
            fieldChanges.set(at, [{ kind: 'field_empty', field }]);
    }
    return { fieldChanges, paired };
}
function whyAllNew({ matched, knownBy }, then) {
    if (matched.length === 0)
        return 'it is true, not a list of items';
    if (knownBy.length === 0)
        return '`known_by` names no fields for it';
    const empty = describeEmptyField(matched, knownBy);
    if (empty !== '')
        return empty;
    if (then === undefined)
        return 'the baseline does not have it by this name and expression';
    return then.isEvaluated ? '' : 'it could not be evaluated when the baseline was written';
}
function describeEmptyField(matched, fields) {
    const objects = matched.filter((item) => (0,src_json/* isJsonObject */.OW)(item));
    const empty = findEmptyFields(objects, fields)[0];
    if (empty === undefined)
        return '';
    const keys = [...new Set(objects.flatMap((item) => Object.keys(item)))];
    if (keys.includes(empty))
        return `${NO_ITEM_HAS}${empty}\`: it is empty in all`;
    const plain = keys.filter((key) => /^[\w .-]{1,64}$/.test(key)).slice(0, 200);
    const near = (0,nearest_name/* findNearest */.q)(plain, empty, () => 2);
    return `${NO_ITEM_HAS}${empty}\`${near === undefined ? '' : `; \`${near}\`?`}`;
}
function findEmptyFields(objects, fields) {
    if (objects.length === 0)
        return [];
    return fields.filter((field) => objects.every((item) => (0,item_identity/* readFieldText */.kj)(item, field) === null));
}

;// CONCATENATED MODULE: ./src/runs/gate-decision.ts






function decideGateFailed(outcome, terms) {
    const red = outcome.findings.filter(isRed);
    const [first, ...others] = red;
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    return {
        conclusion: 'gate_failed',
        headline: (0,format/* capitalise */.sK)(describeFindings(red)),
        brief: first === undefined ? '' : `${describeFinding(first, 'in_brackets')}${more}`,
        ...adviseCorrections(red, howToStartNewRun(outcome, terms), outcome, terms),
    };
}
const CORRECT = 'the condition (`run_id: {run}` tries it on this run) or what the workflow writes';
const PUSH = 'Correct the condition and push it. To try it on this run first, without a launch, give `run_id: {run}`.';
function adviseCorrections(red, again, outcome, terms) {
    const fix = describeCorrection(red);
    if (!red.some(isUnevaluated)) {
        const correct = `${(0,format/* capitalise */.sK)(fix)}, then ${again}`;
        const whyNew = whyNotKnown(red, outcome, terms);
        if (whyNew === '')
            return { nextStep: correct, steps: [] };
        const steps = whyNew.includes(`(${NO_ITEM_HAS}`)
            ? ['Correct `known_by` and push it.', `Or ${fix}, then ${again}`]
            : [correct, howToMakeKnown(whyNew, terms)];
        return { nextStep: (0,format/* joinPresent */.uE)(' ', `${whyNew}.`, ...steps), steps };
    }
    return {
        nextStep: `${(0,format/* capitalise */.sK)((0,format/* joinPresent */.uE)(', and ', fix, fillIn(`correct ${CORRECT}`, outcome)))}.`,
        steps: [
            ...(fix === '' ? [] : [`${(0,format/* capitalise */.sK)(fix)}.`]),
            fillIn(PUSH, outcome),
            `Or correct what the workflow writes, then ${again}`,
        ],
    };
}
function isUnevaluated({ result }) {
    return result === 'cannot_be_evaluated';
}
function describeCorrection(red) {
    const evaluated = red.filter((one) => !isUnevaluated(one));
    const causes = evaluated.filter(({ matched }) => matched === 0);
    const isAnyKnown = evaluated.some((one) => countKnown(one) > 0);
    const items = evaluated.length > causes.length && (isAnyKnown ? 'the new items' : 'the items');
    const whose = items === false ? '' : ` of ${(0,format/* formatList */.ki)(causes.map(({ condition }) => nameOf(condition)))}`;
    const what = (0,format/* joinPresent */.uE)(' and ', items, causes.length > 0 && `the cause${whose}`);
    return what === '' ? '' : `correct ${what} in Alloovium`;
}
function whyNotKnown(red, { baselineUnusedReason, baselineNotes, origin }, { isOnBaseline = false }) {
    const isList = red.every(({ matched, knownBy }) => matched > 0 && knownBy.length > 0);
    if (!isList || isOnBaseline || origin?.kind === 'attached')
        return '';
    const isAsked = red.every(({ isExcused }) => isExcused !== null);
    return baselineUnusedReason || (isAsked ? baselineNotes.join('. ') : '');
}
function howToMakeKnown(whyNew, { baselineBranch = '' }) {
    if (baselineBranch === '')
        return 'Or, if the default branch has them too: run this review there by hand, and give its `gate_file` as `baseline_file`.';
    const ifThere = `Or, if \`${baselineBranch}\` has them too`;
    return whyNew.startsWith(`${EVERY_NEW}: ${NOT_FETCHED}`)
        ? `${ifThere}: re-run this job once the baseline can be fetched.`
        : `${ifThere}: run this workflow by hand on \`${baselineBranch}\`, then re-run this job.`;
}
const NOT_GATED = 'The run completed; there is no gate (`fail_if`)';
function decidePassed(findings) {
    const gated = findings.filter(({ condition }) => condition.severity === 'fail');
    const warned = findings.filter(isWarning);
    const excused = countExcused(findings);
    const green = gated.length === 0 ? NOT_GATED : excused || describePassed(gated);
    const warning = warned.length > 0 && formatWarning((0,format/* capitalise */.sK)(describeFindings(warned)), warned.length);
    const headline = (0,format/* joinPresent */.uE)('; ', (warned.length === 0 || excused !== '') && green, warning);
    return {
        conclusion: 'success',
        headline,
        brief: gated.length === 0 ? 'completed, no gate' : (0,format/* lowerFirst */.oZ)(excused) || abbreviatePassed(gated),
        nextStep: adviseOnWarnings(warned),
    };
}
function countExcused(findings) {
    const gated = findings.filter(({ condition }) => condition.severity === 'fail');
    const known = gated.filter(({ isExcused }) => isExcused).map((one) => describeFinding(one));
    const { count } = collectWaived(findings);
    const waived = count > 0 && `${(0,format/* formatNumber */.ZV)(count)} waived`;
    if (known.length > 0)
        return (0,format/* joinPresent */.uE)(', ', 'Nothing new', joinPhrases(known, ', '), waived);
    if (waived === false)
        return '';
    const items = countItemsOfOneList(findings);
    return (0,format/* joinPresent */.uE)(', ', items === null ? 'Passed' : `${(0,format/* formatNumber */.ZV)(items - count)} passed`, waived);
}
function countItemsOfOneList(findings) {
    const those = findings.filter(({ condition, waived, unmatched }) => waived > 0 || (condition.severity === 'fail' && unmatched !== null));
    const lists = new Set(those.map(({ condition: { expression }, matched, waived, unmatched }) => unmatched === null
        ? null
        : `${matched + waived + unmatched} ${expression.slice(0, expression.lastIndexOf('.filter('))}`));
    const [only] = those;
    if (lists.size !== 1 || only === undefined || only.unmatched === null)
        return null;
    return only.matched + only.waived + only.unmatched;
}
function describePassed(gated) {
    const items = countItems(gated);
    const names = listConditionNames(gated);
    if (items > 0)
        return (0,format/* joinPresent */.uE)(' ', (0,format/* formatNumber */.ZV)(items), items === 1 ? 'item' : 'items', 'passed', names);
    return `Passed ${names || `${(0,format/* formatNumber */.ZV)(gated.length)} ${gated.length === 1 ? 'condition' : 'conditions'}`}`;
}
function abbreviatePassed(gated) {
    const items = countItems(gated);
    return items > 0 ? `${(0,format/* formatNumber */.ZV)(items)} passed` : 'passed';
}
function countItems(gated) {
    const lists = new Map();
    for (const finding of gated) {
        const { condition, matched, waived, unmatched } = finding;
        if (unmatched === null)
            continue;
        const [list = ''] = condition.expression.split('.filter(', 1);
        lists.set(list, Math.max(lists.get(list) ?? 0, matched + waived + unmatched));
    }
    return [...lists.values()].reduce((sum, items) => sum + items, 0);
}
function adviseOnWarnings(warned) {
    const fix = describeCorrection(warned);
    if (!warned.some(isUnevaluated))
        return fix === '' ? '' : `${(0,format/* capitalise */.sK)(fix)}, or change \`warn_if\`.`;
    return `${(0,format/* capitalise */.sK)((0,format/* joinPresent */.uE)(', and ', fix, 'correct the condition in `warn_if`'))}.`;
}

;// CONCATENATED MODULE: ./src/runs/timeout-decision.ts



const TIMED_OUT = {
    too_late: ['The run ended too late to be evaluated within {time}', 'not evaluated'],
    not_finished: ['Not finished{after}', 'not finished'],
    not_started: ['Not started{after}', 'not started'],
    not_known: ['No run ID{after}', 'no run ID'],
    unreached: ['Alloovium could not be reached for {time} ({failure})', 'Alloovium could not be reached'],
    unusable: ['Alloovium gave no usable answer for {time} (last: {failure})', 'no usable answer'],
};
const NO_CONNECTION = /^[A-Z]|of the proxy$/;
const CHECK_CONNECTION = 'Nothing was started. Check that the runner can reach the API (DNS, firewall, proxy). {again}';
const ALLOW_MORE_TIME = 'If this happens often, raise `timeout_minutes`.';
const UNKNOWN_STATUS = 'Look at the run in the Alloovium dashboard: this version of the action does not know its status.';
const MAX_TIMEOUT_MS = 24 * 60 * 60_000;
function decideTimedOut(ending, outcome, terms) {
    const { waitedFor, askedMs, lastFailure } = ending;
    const left = leftoverOf(outcome);
    const isReached = lastFailure === '';
    const isUnreached = left === 'nothing' && NO_CONNECTION.test(lastFailure);
    const kind = timeoutKindOf(left, isReached, isUnreached);
    const time = (0,format/* formatDuration */.a3)(terms.timeoutMs);
    const isEarly = askedMs !== null && outcome.runId === '';
    const isHopeless = askedMs !== null && askedMs > MAX_TIMEOUT_MS;
    const beyond = isEarly ? `, longer than the rest of the ${time} allowed` : '';
    const asked = askedMs !== null &&
        `the API asked to wait ${isHopeless ? 'more than a day' : `${(0,format/* formatDuration */.a3)(askedMs)} more${beyond}`}`;
    const last = isReached ? waitedFor : `last status check: ${lastFailure}`;
    const seen = kind === 'not_finished' && (outcome.run !== null || last === '') && describeProgress(outcome);
    const how = (0,format/* joinPresent */.uE)('; ', seen, kind === 'not_finished' ? last : waitedFor, asked);
    const after = `${isEarly ? '' : ` after ${time}`}${how === '' ? '' : ` (${how})`}`;
    const [headline, brief] = TIMED_OUT[kind];
    const sameRun = howToUseSameRun(outcome, terms);
    const isUnknown = outcome.runId !== '' && outcome.status !== '' && !(0,statuses/* isKnownStatus */.ih)(outcome.status);
    return {
        conclusion: 'timed_out',
        headline: headline
            .replace('{time}', time)
            .replace('{after}', () => after)
            .replace('{failure}', () => lastFailure),
        brief,
        nextStep: (0,format/* joinPresent */.uE)(' ', isUnknown && UNKNOWN_STATUS, isUnreached ? CHECK_CONNECTION.replace('{again}', sameRun) : sameRun, isReached && !isUnknown && !isHopeless && ALLOW_MORE_TIME),
    };
}
function timeoutKindOf(left, isReached, isUnreached) {
    if (left === 'ended_run')
        return 'too_late';
    if (left === 'run')
        return 'not_finished';
    if (isReached)
        return left === 'nothing' ? 'not_started' : 'not_known';
    return isUnreached ? 'unreached' : 'unusable';
}
function describeProgress({ run, status }) {
    if (!(0,statuses/* isKnownStatus */.ih)(status))
        return '';
    const hasProgress = status === 'running' && typeof run?.progress === 'number';
    return hasProgress ? `${Math.floor(run.progress)} %` : statuses/* STATUSES */.f[status].word;
}

;// CONCATENATED MODULE: ./src/runs/run-verdict.ts








function verdictOfRun(outcome, terms) {
    const { ending, findings } = outcome;
    const isEvaluated = ending.kind === 'ended' && ending.status === 'completed';
    const gate = isEvaluated ? (findings.some(isRed) ? 'failed' : 'passed') : 'not_evaluated';
    return createVerdict(decisionOf(outcome, terms), hasGate(outcome) ? gate : 'none');
}
function decisionOfStep(failure, terms, outcome) {
    switch (failure.kind) {
        case 'error':
            return {
                conclusion: 'error',
                headline: failure.headline,
                nextStep: completeRemedy(failure.remedy, outcome, terms),
            };
        case 'interrupted':
            return { conclusion: 'interrupted', ...describeStoppedBefore(terms) };
        case 'skipped':
            return { conclusion: 'skipped', headline: SKIPPED, nextStep: '' };
    }
}
const SKIPPED = 'Skipped: GitHub gives this job no secrets, so there is no API key';
const EVALUATE_LATER = 'To evaluate what was launched, use the action in a later job with the same inputs and without `wait: false`.';
function decisionOf(outcome, terms) {
    const { ending } = outcome;
    switch (ending.kind) {
        case 'launched':
            return {
                conclusion: 'pending',
                headline: `Launched without waiting${describeEndedAlready(outcome)}`,
                nextStep: EVALUATE_LATER,
            };
        case 'timed_out':
            return decideTimedOut(ending, outcome, terms);
        case 'interrupted':
            return { conclusion: 'interrupted', ...describeStoppedRun(outcome, terms) };
        case 'error': {
            const nextStep = completeRemedy(ending.remedy, outcome, terms);
            return { conclusion: 'error', headline: ending.headline, nextStep };
        }
        case 'ended':
            return decideEnded(ending, outcome, terms);
    }
}
const NO_RUN_YET = { origin: null, joinedOlder: false };
const RUN_CONTINUES = 'The run goes on at Alloovium.';
function completeRemedy(remedy, outcome, terms) {
    const isWithin = /[,a-z] \{/.test(remedy);
    const goesOn = outcome !== null && !isWithin && leftoverOf(outcome) === 'run' && RUN_CONTINUES;
    const again = outcome === null ? howToTryAgain(terms) : (0,format/* joinPresent */.uE)(' ', goesOn, howToUseSameRun(outcome, terms));
    const ways = {
        '{again}': again,
        '{new_run}': howToStartNewRun(outcome ?? NO_RUN_YET, terms),
        '{new_key}': outcome === null ? '' : howToRerunWithNewKey(outcome, terms),
    };
    for (const [name, way] of Object.entries(ways)) {
        if (!remedy.includes(name))
            continue;
        return remedy.replace(name, () => (isWithin ? (0,format/* lowerFirst */.oZ)(way) : (0,format/* capitalise */.sK)(way))).trim();
    }
    const isLeft = outcome !== null && leftoverOf(outcome) !== 'nothing';
    return (0,format/* joinPresent */.uE)(' ', remedy, isLeft && again);
}
function decideEnded({ status, errorMessage }, outcome, terms) {
    const again = howToStartNewRun(outcome, terms);
    const { headline } = statuses/* STATUSES */.f[status];
    switch (status) {
        case 'completed':
            return decideCompleted(outcome, terms);
        case 'failed': {
            const hasMessage = errorMessage.trim() !== '';
            const first = hasMessage ? 'Fix what Alloovium reported' : 'Find the reason in the Alloovium dashboard';
            return { conclusion: 'failure', headline, nextStep: `${first}, then ${again}` };
        }
        case 'cancelled':
            return {
                conclusion: 'cancelled',
                headline,
                brief: 'the run was cancelled',
                nextStep: (0,format/* capitalise */.sK)(again),
            };
    }
}
function decideCompleted(outcome, terms) {
    const { findings, entry } = outcome;
    if (findings.length < entry.gate.conditions.length)
        throw new Error('a condition was not evaluated');
    return findings.some(isRed) ? decideGateFailed(outcome, terms) : decidePassed(findings);
}
function describeEndedAlready({ status }) {
    if (!(0,statuses/* isTerminal */.Hd)(status))
        return '';
    return ` (the run ${status === 'cancelled' ? 'was' : 'has'} ${statuses/* STATUSES */.f[status].word} already)`;
}

;// CONCATENATED MODULE: ./src/runs/step-verdict.ts








function verdictOfStep(outcomes, failure, terms) {
    const [outcome] = outcomes;
    if (failure !== null) {
        const decision = decisionOfStep(failure, terms, outcomes.length === 1 ? (outcome ?? null) : null);
        return createVerdict(decision, terms.isGated ? 'not_evaluated' : 'none');
    }
    if (outcome === undefined)
        throw new Error('there is neither an outcome nor a failure');
    const own = outcomes.length === 1 ? verdictOfRun(outcome, terms) : verdictOfRuns(outcomes, terms);
    const before = countRedRunsBefore(outcomes) ?? 0;
    if (before === 0)
        return own;
    const shared = new Set(outcomes.flatMap((one) => (one.redRunsBefore ? [one.sharedBy] : [])));
    const earlier = (0,format/* describeEarlierRed */.nM)(before, shared.size === 1 ? [...shared].join() : '');
    return { ...own, earlier, headline: `${own.headline} (${earlier})`, lead: `${own.lead} (${earlier})` };
}
function countRedRunsBefore(outcomes) {
    const counts = [...new Map(outcomes.map((one) => [one.order, one.redRunsBefore])).values()];
    const sum = counts.reduce((all, count) => all + (count ?? NaN), 0);
    return counts.length === 0 || Number.isNaN(sum) ? null : sum;
}
const GATES = ['failed', 'not_evaluated', 'passed'];
function verdictOfRuns(outcomes, terms) {
    const results = outcomes.map((outcome) => ({ outcome, ...verdictOfRun(outcome, terms) }));
    const conclusion = WORST_FIRST.find((word) => results.some((one) => one.conclusion === word)) ?? 'error';
    const gates = new Set(results.map(({ gate }) => gate));
    const gate = GATES.find((word) => gates.has(word)) ?? 'none';
    return createVerdict({ conclusion, ...describeRuns(conclusion, results, terms) }, gate);
}
function describeRuns(conclusion, results, terms) {
    switch (conclusion) {
        case 'success':
        case 'skipped':
            return describeAllGreen(results);
        case 'pending':
            return { headline: `${results.length} runs launched without waiting`, nextStep: EVALUATE_LATER };
        case 'interrupted':
            return describeStopped(results, terms);
        case 'error':
        case 'timed_out':
        case 'failure':
        case 'cancelled':
        case 'gate_failed':
            return describeSomeRed(results, terms);
    }
}
function describeAllGreen(results) {
    const outcomes = results.map(({ outcome }) => outcome);
    const warnings = outcomes.flatMap(({ entry, findings }) => {
        const warned = findings.filter(isWarning);
        return warned.length === 0 ? [] : `${(0,format/* replaceSpecialCharacters */.Kx)(entry.name)}: ${describeFindings(warned)}`;
    });
    const open = outcomes.some(hasGate) ? outcomes.filter((one) => !hasGate(one)) : [];
    const names = open.map(({ entry }) => (0,format/* replaceSpecialCharacters */.Kx)(entry.name));
    const known = (0,format/* sumOf */.XN)(outcomes, ({ findings }) => (0,format/* sumOf */.XN)(findings, (one) => (one.isExcused ? countKnown(one) : 0)));
    const waived = (0,format/* sumOf */.XN)(outcomes, ({ findings }) => collectWaived(findings).count);
    return {
        headline: (0,format/* joinPresent */.uE)('; ', (0,format/* joinPresent */.uE)(', ', `${results.length} runs are green`, known > 0 && `${(0,format/* formatNumber */.ZV)(known)} known`, waived > 0 && `${(0,format/* formatNumber */.ZV)(waived)} waived`), names.length > 0 && `not gated: ${joinPhrases(names, ', ')}`, warnings.length > 0 && formatWarning(joinPhrases(warnings), warnings.length)),
        nextStep: adviseOnWarnings(outcomes.flatMap(({ findings }) => findings.filter(isWarning))),
    };
}
const isNotGreen = ({ exitCode }) => exitCode !== 0;
function describeStopped(results, terms) {
    const { interrupted: halted = [], ...others } = Object.groupBy(results, (one) => one.conclusion);
    const judged = Object.values(others).flat();
    const red = judged.filter(isNotGreen);
    const sentences = describeStoppedRuns(halted.map(({ outcome }) => outcome), judged.length, red.map(({ outcome }) => outcome.entry.name), terms);
    return { ...sentences, nextStep: (0,format/* joinPresent */.uE)(' ', describePossibleRuns(red), sentences.nextStep) };
}
const MAX_BRIEF = 110;
const MAX_LEAD = 900;
const RUNS_IN_LEAD = 2;
function describeSomeRed(all, terms) {
    const red = all.filter(isNotGreen);
    const brief = `${red.length} of ${all.length} runs ${red.length === 1 ? 'is' : 'are'} red`;
    const redOrders = new Set(red.map(({ outcome }) => outcome.order));
    const isAnyKept = all.some(({ outcome }) => !redOrders.has(outcome.order));
    const nextStep = nextStepOf(red, isAnyKept, terms);
    const causes = red.map((one) => `${(0,format/* replaceSpecialCharacters */.Kx)(one.outcome.entry.name)} (${causeOf(one)})`);
    const withRemedies = red.map((one) => {
        const remedy = remedyOf(one, nextStep, terms);
        return `${(0,format/* replaceSpecialCharacters */.Kx)(one.outcome.entry.name)} (${(0,format/* joinPresent */.uE)(': ', causeOf(one), remedy)})`;
    });
    return {
        headline: `${brief}: ${joinPhrases(causes, ', ')}`,
        lead: `${brief}: ${joinLeadPhrases(withRemedies)}`,
        brief,
        nextStep,
    };
}
function causeOf({ brief }) {
    return brief.length > MAX_BRIEF ? `${brief.slice(0, MAX_BRIEF - 1)}…` : brief;
}
function remedyOf({ outcome, nextStep: own }, nextStep, terms) {
    const { ending } = outcome;
    if (ending.kind !== 'error' || own === nextStep)
        return '';
    return (0,format/* lowerFirst */.oZ)(decisionOfStep(ending, terms, null).nextStep).replace(/\.$/, '');
}
function joinLeadPhrases(phrases) {
    const all = phrases.join(', ');
    const more = phrases.length - RUNS_IN_LEAD;
    if (all.length <= MAX_LEAD || more <= 0)
        return all;
    return `${phrases.slice(0, RUNS_IN_LEAD).join(', ')}, and ${(0,format/* formatNumber */.ZV)(more)} more: see the job summary`;
}
const step_verdict_NEXT_STEPS = {
    resume: 'Fix {names}, then re-run the failed job{kept}.',
    fresh: 'Fix {names}, then re-run the failed job: this starts new runs.',
    run_id: 'Fix {names}, then run the workflow again, with a new `run_id` for {given}.',
    merge_queue: 'Fix {names}, then queue the pull request again: this starts new runs.',
};
function nextStepOf(red, isAnyKept, terms) {
    const steps = new Set(red.map(({ nextStep }) => nextStep));
    const [same = ''] = steps.size === 1 ? steps : [];
    const isOfAll = red.every(({ conclusion }) => conclusion === 'error' || conclusion === 'timed_out');
    if (same !== '' && isOfAll)
        return same;
    if (red.every(({ conclusion }) => conclusion === 'timed_out'))
        return (0,format/* joinPresent */.uE)(' ', describePossibleRuns(red), NEXT_STEPS_OF_SEVERAL[rerunKindOf(null, terms)]);
    const given = red.filter(({ outcome: { origin, ending } }) => rerunKindOf(origin, terms) === 'run_id' && ending.kind === 'ended');
    const sentence = step_verdict_NEXT_STEPS[given.length > 0 ? 'run_id' : rerunKindOf(null, terms)];
    const namesOf = (those) => (0,format/* formatList */.ki)(those.map(({ outcome }) => (0,format/* replaceSpecialCharacters */.Kx)(outcome.entry.name)), 3);
    const step = sentence
        .replace('{names}', () => namesOf(red))
        .replace('{given}', () => namesOf(given))
        .replace('{kept}', isAnyKept ? ': green runs are kept' : '');
    return (0,format/* joinPresent */.uE)(' ', describePossibleRuns(red), step);
}
function describePossibleRuns(red) {
    const unknown = red.filter(({ outcome }) => leftoverOf(outcome) === 'unknown');
    const groups = Map.groupBy(unknown, ({ outcome }) => fillIn('(key `{key}`)', outcome));
    const runs = [...groups].map(([key, those]) => `${(0,format/* formatList */.ki)(those.map(({ outcome }) => (0,format/* replaceSpecialCharacters */.Kx)(outcome.entry.name)))} ${key}`);
    return runs.length === 0 ? '' : `A run may have started: ${runs.join(', ')}.`;
}

;// CONCATENATED MODULE: ./src/report/column-notices.ts





const PLAIN_KEY = /^[\w .-]{1,64}$/;
const column_notices_MAX_KEYS = 200;
function findColumnNotices(outcomes) {
    return [...new Set(outcomes.map(({ entry }) => entry.columns))].flatMap((columns) => {
        const those = outcomes.filter(({ entry }) => entry.columns === columns);
        const name = those.length < outcomes.length ? (those[0]?.entry.name ?? '') : '';
        return [...columns].flatMap(([condition, fields]) => {
            const items = collectItems(those, columns, fields);
            const missing = fields.filter((field) => items.every((item) => valueAt(item, field) === undefined));
            const of = condition === null ? '`columns`' : `\`columns\` of “${condition}”`;
            return items.length === 0
                ? []
                : missing.map((field) => ({ name, text: `${of}: no item has ${formatWithNearKey(field, items)}` }));
        });
    });
}
function collectItems(outcomes, columns, fields) {
    const findings = outcomes
        .flatMap((outcome) => outcome.findings)
        .filter(({ condition }) => (0,field_lists/* fieldsFor */.VV)(columns, condition) === fields);
    return findings
        .flatMap(({ rows, waivedRows, unmatchedRows }) => [
        ...rows,
        ...waivedRows.map(({ item }) => item),
        ...unmatchedRows,
    ])
        .filter((item) => (0,src_json/* isJsonObject */.OW)(item));
}
function formatWithNearKey(field, items) {
    const keys = new Set(items.flatMap((item) => Object.keys(item)).filter((key) => PLAIN_KEY.test(key)));
    const near = (0,nearest_name/* findNearest */.q)([...keys].slice(0, column_notices_MAX_KEYS), field, () => 2);
    return (0,format/* joinPresent */.uE)('; ', `\`${field}\``, near !== undefined && `\`${near}\`?`);
}

;// CONCATENATED MODULE: ./src/report/advice.ts


function listRunNotices(outcomes) {
    return outcomes.flatMap(({ entry, notices }) => notices.map((text) => ({ name: outcomes.length > 1 ? entry.name : '', text })));
}
function findUnusedInputs(outcomes) {
    return [...findUnusedWaivers(outcomes), ...findColumnNotices(outcomes)];
}
function findUnusedWaivers(outcomes) {
    const isWhole = outcomes.every(({ entry, findings }) => findings.length === entry.gate.conditions.length &&
        findings.every(({ result }) => result !== 'cannot_be_evaluated'));
    const isEvaluated = outcomes.some(({ findings }) => findings.length > 0);
    const lists = new Set(isWhole && isEvaluated ? outcomes.map(({ entry }) => entry.waivers) : []);
    return [...lists].flatMap((waivers) => {
        const users = outcomes.filter(({ entry }) => entry.waivers === waivers);
        const text = (0,gate_waivers/* describeUnusedWaivers */.dF)(waivers, new Set(users.flatMap(({ used }) => [...used])));
        const name = users.length < outcomes.length ? (users[0]?.entry.name ?? '') : '';
        return text === '' ? [] : [{ name, text }];
    });
}

;// CONCATENATED MODULE: ./src/report/report.ts






function createReport({ outcomes, ...input }) {
    const { context, inputs, failure } = input;
    const advice = findUnusedInputs(outcomes);
    const baselineBranch = inputs?.baseline ?? '';
    const baselineRef = baselineBranch === '' ? context?.defaultBranchRef : `refs/heads/${baselineBranch}`;
    const terms = {
        isGated: input.isGated || (inputs?.runs ?? []).some(({ isGated }) => isGated),
        onRerun: inputs?.onRerun ?? 'resume',
        timeoutMs: inputs?.timeoutMs ?? 0,
        isMergeQueue: context?.event === 'merge_group',
        isOnBaseline: context !== null && context.ref !== '' && context.ref === baselineRef,
        baselineBranch,
    };
    return {
        ...input,
        terms,
        verdict: verdictOfStep(outcomes, failure, terms),
        advice,
        notices: [...listRunNotices(outcomes), ...advice].map(({ name, text }) => name === '' ? text : `${name}: ${text}`),
        title: inputs?.title ?? '',
        errorMessage: (failure ?? (outcomes.length === 1 ? outcomes[0]?.ending : null))?.errorMessage ?? '',
        runs: outcomes.map((one) => ({
            ...one,
            verdict: verdictOfRun(one, terms),
            changes: changesSinceBaseline(one),
        })),
        commit: context?.commit ?? '',
        attempt: context?.attempt ?? 1,
        links: { runUrl: inputs?.runUrl ?? '', itemUrl: inputs?.itemUrl ?? '' },
        jobRunUrl: context?.jobRunUrl ?? '',
        keyKind: (0,inputs_secrets/* detectKeyKind */.TS)(inputs?.apiKey ?? ''),
    };
}
function addFailure(report, failure) {
    const verdict = verdictOfStep(report.runs, failure, report.terms);
    return { ...report, failure, verdict, errorMessage: failure.errorMessage };
}
function outputsOf({ run }) {
    return run !== null && (0,statuses/* isTerminal */.Hd)(run.status) ? run.outputs : undefined;
}
function readDurationSeconds({ run }) {
    const ms = Date.parse(run?.completedAt ?? '') - Date.parse(run?.startedAt ?? '');
    return Number.isNaN(ms) ? null : ms / 1000;
}

;// CONCATENATED MODULE: ./src/report/output-lists.ts

const output_lists_MAX_FIELDS = 12;
const MAX_VALUES = 6;
const output_lists_MAX_VALUE_LENGTH = 32;
function findListsOfObjects(outputs) {
    return [...outputs].flatMap(([name, rows]) => {
        if (!(0,src_json/* isList */.Lv)(rows) || rows.length === 0 || !rows.every((row) => (0,src_json/* isJsonObject */.OW)(row)))
            return [];
        const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))].slice(0, output_lists_MAX_FIELDS);
        return [
            { name, count: rows.length, fields: keys.map((key) => ({ key, values: output_lists_countValues(rows, key) })) },
        ];
    });
}
function output_lists_countValues(rows, field) {
    const counts = new Map();
    for (const row of rows) {
        const value = Object.hasOwn(row, field) ? row[field] : undefined;
        const text = typeof value === 'boolean' ? String(value) : value;
        if (typeof text !== 'string' || text.length > output_lists_MAX_VALUE_LENGTH)
            return [];
        counts.set(text, (counts.get(text) ?? 0) + 1);
        if (counts.size > MAX_VALUES)
            return [];
    }
    return counts.size === rows.length && rows.length > 1 ? [] : [...counts];
}

;// CONCATENATED MODULE: ./src/report/workflow-outputs.ts







function renderOutputs(run, seen, { outputs: most, text }) {
    if (most === 0)
        return [];
    const shown = takeOutputs(run, most).flatMap((output) => removeSeen(output, seen));
    const texts = shown.flatMap(([name, value]) => typeof value === 'string' ? [`${(0,text_escape/* formatCode */.P_)(name, 60)}\n\n${renderValue(value, text)}`] : []);
    const short = shown
        .filter(([, value]) => typeof value !== 'string' && !isNested(value))
        .map(([name, value]) => [(0,text_escape/* formatCode */.P_)(name, 60), renderValue(value, 200)]);
    const folds = shown.flatMap(([name, value, isRest]) => {
        if (!isNested(value))
            return [];
        const size = (0,src_json/* isList */.Lv)(value) ? ` (${(0,format/* formatNumber */.ZV)(value.length)}${isRest ? ' more' : ''})` : '';
        return [formatCollapsed(`${(0,text_escape/* formatHtmlCode */.Wx)(name, 60)}${size}`, renderValue(value, text))];
    });
    const more = Math.max(0, countOutputs(run) - most) + run.outputsLeftOut;
    return [
        ...texts,
        ...(short.length === 0 ? [] : [formatTable(['Output', 'Value'], short)]),
        ...folds,
        ...(more > 0 ? [`… and ${(0,format/* formatCount */.B4)(more, 'more output')}: all are in \`outputs_file\`.`] : []),
        ...(run.entry.gate.conditions.length > 0 ? [] : describeListsAndSuggestCondition(run)),
    ];
}
const MAX_LISTS = 5;
const MAX_SEARCHED = 12;
function describeListsAndSuggestCondition(run) {
    const lists = findListsOfObjects(takeOutputs(run, MAX_SEARCHED)).slice(0, MAX_LISTS);
    const reported = lists.map(({ name, count, fields }) => {
        const says = fields.map((field) => {
            const values = field.values.map(([value, times]) => `${(0,text_escape/* formatCode */.P_)(value, 32)} ${(0,format/* formatNumber */.ZV)(times)}`);
            return (0,text_escape/* formatCode */.P_)(field.key, 60) + (values.length > 0 ? ` (${values.join(', ')})` : '');
        });
        return `${(0,text_escape/* formatCode */.P_)(`outputs.${name}`, 80)} has ${(0,format/* formatCount */.B4)(count, 'item')} with ${says.join(', ')}.`;
    });
    const starts = lists.flatMap(({ name, fields }) => {
        const short = fields.filter(({ key, values }) => IDENTIFIER.test(key) && values.length > 0);
        const field = short.find(({ values }) => values.length > 1) ?? short[0];
        if (!IDENTIFIER.test(name) || field === undefined)
            return [];
        const condition = (0,text_escape/* formatCode */.P_)(`outputs.${name}.filter(i, i.${field.key} == ___)`);
        return [`A first condition for \`fail_if\`: ${condition}. Replace \`___\` with a value.`];
    });
    return reported.length === 0 ? [] : [reported.join('<br>'), ...starts.slice(0, 1)];
}
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;
function removeSeen([name, value], seen) {
    if (!(0,src_json/* isList */.Lv)(value) || seen.size === 0)
        return [[name, value]];
    const left = value.filter((item) => !seen.has(JSON.stringify(item)));
    return left.length === 0 && value.length > 0 ? [] : [[name, left, left.length < value.length]];
}
function takeOutputs(run, most) {
    const outputs = outputsOf(run) ?? {};
    if (!(0,src_json/* isJsonObject */.OW)(outputs))
        return [['outputs', outputs]];
    return Object.keys(outputs)
        .slice(0, most)
        .map((name) => [name, outputs[name] ?? null]);
}
function countOutputs(run) {
    const outputs = outputsOf(run) ?? {};
    return (0,src_json/* isJsonObject */.OW)(outputs) ? Object.keys(outputs).length : 1;
}

;// CONCATENATED MODULE: ./src/report/run-details.ts







function formatNotices({ notices: lines }, { text }) {
    const shown = lines.slice(0, text === 0 ? 0 : 20).map((line) => formatSentence(line, Math.min(500, text)));
    const more = lines.length - shown.length;
    return formatBulletList(more > 0 ? [...shown, `… and ${(0,format/* formatCount */.B4)(more, 'more notice')}: see the log.`] : shown);
}
function renderDetails({ runs, tokens, commit, attempt, keyKind }) {
    const [only] = runs.length === 1 ? runs : [];
    const step = (0,format/* joinPresent */.uE)(' · ', commit && `Commit ${(0,text_escape/* formatCode */.P_)(commit)}`, attempt > 1 && `attempt ${(0,format/* formatNumber */.ZV)(attempt)}`, keyKind && `${keyKind} key`);
    const text = formatBulletList([
        ...(only ? describeRun(only) : []),
        formatSpent(only?.polls ?? 0, tokens),
        step,
    ]);
    return text === '' ? '' : formatCollapsed('Details', text);
}
const HOW = { new: 'started by this job', joined: 'joined', attached: 'named by `run_id`' };
function describeRun(one) {
    const { order, run, runId, origin, workflowId, idempotencyKey } = one;
    const lostReply = one.replayed && origin?.kind === 'new' ? ' (the answer to its launch was lost)' : '';
    const started = (0,format/* formatTime */.fU)(run?.startedAt ?? '');
    const seconds = readDurationSeconds(one);
    const inputs = Object.keys(order.inputs);
    const names = inputs.slice(0, 20).map((name) => (0,text_escape/* formatCode */.P_)(name, 60));
    return [
        (0,format/* joinPresent */.uE)(' · ', origin && `Run ${(0,text_escape/* formatCode */.P_)(runId)}, ${HOW[origin.kind]}${lostReply}`, origin && `status ${(0,text_escape/* formatCode */.P_)(one.status, 60)}`, started && `started ${started}`, seconds !== null && `ran ${(0,format/* formatDuration */.a3)(seconds * 1000)}`),
        workflowId && `Workflow ${(0,text_escape/* formatCode */.P_)(workflowId)}`,
        order.projectId && `Project ${(0,text_escape/* formatCode */.P_)(order.projectId)}`,
        names.length > 0 ? `Inputs ${names.join(', ')}${inputs.length > 20 ? ', …' : ''}` : '',
        idempotencyKey && `Idempotency key ${(0,text_escape/* formatCode */.P_)(idempotencyKey, 255)}`,
    ];
}
function formatSpent(polls, tokens) {
    return (0,format/* joinPresent */.uE)(', ', polls > 0 && (0,format/* formatCount */.B4)(polls, 'status check'), tokens > 0 && (0,format/* formatCount */.B4)(tokens, 'token'));
}
const GATE_FILE = '`gate_file`';
function linkSummary({ inputs, jobRunUrl }) {
    return (inputs?.jobSummary ?? true) ? (0,text_escape/* link */.nf)('job summary', jobRunUrl) : GATE_FILE;
}
function formatFooter(report, sink) {
    const { runs, attempt, jobRunUrl: page } = report;
    const isComment = sink === 'comment';
    const hasData = runs.some((run) => countOutputs(run) > 0 || run.findings.length > 0);
    const fields = describeFieldsLeftOut(report, sink);
    const text = (0,format/* joinPresent */.uE)(' ', hasData && 'Written by a model from project documents; treat as data.', isComment && attempt > 1 && `Attempt ${attempt}.`, fields, page !== '' && !fields.includes(page) && (0,text_escape/* link */.nf)(isComment ? 'Job summary' : 'Job run', page));
    return text === '' ? '' : `<sub>${text}</sub>`;
}
function describeFieldsLeftOut(report, sink) {
    const { runs } = report;
    const countIn = (one) => Math.max(0, ...runs.map((run) => countFieldsLeftOut(run, one)));
    const count = countIn(sink);
    if (count === 0)
        return '';
    const where = sink === 'comment' && countIn('summary') === 0 ? linkSummary(report) : GATE_FILE;
    return `${(0,format/* formatNumber */.ZV)(count)} more ${count === 1 ? 'field per item is' : 'fields per item are'} in ${where === GATE_FILE ? '' : 'the '}${where}.`;
}

;// CONCATENATED MODULE: ./src/report/fit-detail.ts


const LAST_DETAILS = [
    { rows: 5, warned: 2, folded: 0, conditions: 5, cell: 60, outputs: 0, text: 500 },
    { rows: 0, warned: 0, folded: 0, conditions: 3, cell: 40, outputs: 0, text: 300 },
    { rows: 0, warned: 0, folded: 0, conditions: 0, cell: 40, outputs: 0, text: 0 },
];
const SHORTENED = '*This report is shortened: `gate_file` and `outputs_file` have everything.*';
function renderToFit(partsAt, details, max, isPosted) {
    let shown = '';
    for (const [at, detail] of [...details, ...LAST_DETAILS, null].entries()) {
        const parts = partsAt(detail);
        const shortened = at === 0 ? parts : [...parts.slice(0, -1), SHORTENED, ...parts.slice(-1)];
        shown = (0,text_escape/* finishMarkdown */.zQ)((0,format/* joinPresent */.uE)('\n\n', ...shortened), isPosted);
        if (shown.length <= max)
            break;
    }
    return shown;
}

;// CONCATENATED MODULE: ./src/report/change-line.ts




function countChanges(runs) {
    const counted = runs.flatMap((run) => countedFindings(run).map((finding) => ({ run, finding })));
    const marks = counted.flatMap(({ run, finding }) => itemStatesOf(run, finding) ?? []);
    const of = (mark) => marks.filter((one) => one === mark).length;
    const matched = (0,format/* sumOf */.XN)(counted, ({ finding }) => finding.matched);
    return {
        fresh: of('new'),
        still: of('still'),
        known: of('known'),
        uncompared: matched - marks.length,
        removed: (0,format/* sumOf */.XN)(runs, (run) => listRemovedItems(run.changes, run.findings).length),
    };
}
function formatChangeLine(runs, commit) {
    const { fresh, still, known, uncompared, removed } = countChanges(runs);
    const all = runs.flatMap(({ changes }) => changes ?? []);
    const whats = new Set(all.map((changes) => describeEarlierReport(changes, commit)));
    const [what = ''] = whats.size > 1 ? ['the last reports'] : whats;
    if (what === '')
        return '';
    if (all.every(({ conditions }) => conditions.every((one) => !one?.itemStates)))
        return formatCountChange(runs, what);
    const counted = (count, word) => count > 0 && `${(0,format/* formatNumber */.ZV)(count)} ${word}`;
    const says = (0,format/* joinPresent */.uE)(', ', fresh > 0 ? `**${(0,format/* formatNumber */.ZV)(fresh)} new**` : still + known > 0 && uncompared === 0 && 'nothing new', counted(known, 'known'), counted(still, 'still open'), counted(uncompared, 'not compared'), counted(removed, 'no longer matching'));
    return says === '' ? '' : `since ${what}: ${says}`;
}
function formatCountChange(runs, what) {
    const pairs = runs.flatMap(({ findings: all, changes }) => all.flatMap(({ condition, matched }, at) => {
        const before = changes?.conditions[at]?.before ?? null;
        return condition.severity === 'warn' || before === null ? [] : [{ matched, before }];
    }));
    const matched = (0,format/* sumOf */.XN)(pairs, (pair) => pair.matched);
    const more = matched - (0,format/* sumOf */.XN)(pairs, ({ before }) => before);
    if (matched === 0 && more === 0)
        return '';
    const change = more === 0 ? 'as many as' : `${(0,format/* formatNumber */.ZV)(Math.abs(more))} ${more > 0 ? 'more' : 'fewer'} than`;
    return `${(0,format/* formatNumber */.ZV)(matched)}, ${change} ${what.startsWith('the ') ? 'in' : 'at'} ${what}`;
}
function describeEarlierReport({ since, baselineOf }, commit) {
    if (baselineOf !== null)
        return (0,format/* joinPresent */.uE)(' ', 'the baseline', (0,format/* formatTime */.fU)(baselineOf) && `of ${(0,format/* formatTime */.fU)(baselineOf)}`, since && `at ${(0,text_escape/* formatCode */.P_)(since)}`);
    return commit.startsWith(since) ? 'the last report on this commit' : (0,text_escape/* formatCode */.P_)(since);
}

;// CONCATENATED MODULE: ./src/report/timeline.ts




const STAGES_MAX = 30;
const NAME_MAX = 60;
const QUEUED = statuses/* STATUSES */.f.pending.word;
function renderTimeline(stages, status) {
    const first = stages[0];
    const last = stages.at(-1);
    if (!first || !last || stages.filter(({ name }) => name !== QUEUED).length < 2)
        return '';
    const start = first.fromMs;
    const lastColour = (0,statuses/* isKnownStatus */.ih)(status) ? statuses/* STATUSES */.f[status].colour : '';
    const shown = stages.slice(0, STAGES_MAX - 1);
    const [next, ...others] = stages.slice(STAGES_MAX - 1);
    const rest = others.length === 0 ? {} : { name: `${others.length + 1} more stages`, toMs: last.toMs };
    if (next)
        shown.push({ ...next, ...rest });
    const tasks = shown.map(({ name, fromMs, toMs }, at) => {
        const from = Math.max(0, Math.round(fromMs - start));
        const to = Math.max(from, Math.round(toMs - start));
        const colour = name === QUEUED ? statuses/* STATUSES */.f.pending.colour : at === shown.length - 1 ? lastColour : '';
        return `    ${(0,format/* formatDuration */.a3)(to - from)} · ${escapeForMermaid(name)} :${colour === '' ? '' : `${colour}, `}${from}, ${to}`;
    });
    const gantt = [
        '```mermaid',
        'gantt',
        '    dateFormat x',
        '    axisFormat %s s',
        '    todayMarker off',
        ...tasks,
        '```',
    ].join('\n');
    return formatCollapsed(`How the run went (${(0,format/* formatDuration */.a3)(last.toMs - start)})`, gantt);
}
function escapeForMermaid(name) {
    const short = Array.from((0,text_escape/* escapeInvisible */.ts)(name.slice(0, NAME_MAX * 2)));
    const text = short.length > NAME_MAX ? [...short.slice(0, NAME_MAX - 1), '…'] : short;
    const entity = (char) => (char === ':' ? '#colon;' : `#${char.codePointAt(0) ?? 0};`);
    return text.join('').replace(/[^\p{L}\p{N}\p{M} .,()/'+…_-]/gu, entity);
}

;// CONCATENATED MODULE: ./src/report/verdict-lines.ts








function renderVerdict(report, level) {
    return [
        `${level} ${formatHeading(report)}`,
        (0,format/* joinPresent */.uE)('<br>', formatStateLine(report), ...listRemarks(report), formatNextStep(report)),
        formatStepList(report),
    ];
}
function renderBriefVerdict(report, level) {
    const [remark] = listRemarks(report);
    return [
        `${level} ${formatHeading(report)}`,
        (0,format/* joinPresent */.uE)('<br>', formatStateLine(report), remark, formatNextStep(report)),
        formatStepList(report),
    ];
}
const STATUS = {
    success: ['✅', 'Green'],
    pending: ['⚪', 'Green, not evaluated yet'],
    skipped: ['⚪', 'Green, skipped: nothing was evaluated'],
    gate_failed: ['❌', 'Red'],
    failure: ['❌', 'Red'],
    cancelled: ['❌', 'Red'],
    timed_out: ['❌', 'Red'],
    interrupted: ['⏹️', 'No verdict'],
    error: ['❌', 'Red'],
};
function chooseIcon({ conclusion }, runs) {
    return conclusion === 'success' && countWarnings(runs) > 0 ? '⚠️' : STATUS[conclusion][0];
}
function countWarnings(runs) {
    return (0,format/* sumOf */.XN)(runs, ({ findings: all }) => all.filter(isWarning).length);
}
function formatHeading({ verdict, title, runs }) {
    const red = runs.filter((run) => run.verdict.exitCode !== 0);
    const headline = red.length > 0 && verdict.headline.startsWith(`${verdict.brief}: `)
        ? `${formatSentence(verdict.brief, 300)}: ${listNames(red)}${verdict.earlier === '' ? '' : ` (${verdict.earlier})`}`
        : formatSentence(verdict.lead, 300);
    const isNamed = title !== '' || verdict.headline.startsWith('Alloovium');
    const subject = isNamed ? (0,text_escape/* escapeForProse */.Ci)(title, 100) : 'Alloovium';
    return `${chooseIcon(verdict, runs)} ${subject === '' ? headline : `${subject}: ${(0,format/* lowerFirst */.oZ)(headline)}`}`;
}
function listNames(runs) {
    const names = runs.map(({ entry }) => (0,text_escape/* escapeForProse */.Ci)(entry.name, 64));
    const shown = names.length > 3 ? [...names.slice(0, 3), `and ${names.length - 3} more`] : names;
    return shown.join(', ');
}
function formatStateLine({ verdict, runs, commit, links }) {
    const [run] = runs;
    const only = runs.length === 1 ? run : undefined;
    const warnings = verdict.conclusion === 'success' ? countWarnings(runs) : 0;
    const word = STATUS[verdict.conclusion][1] + (warnings > 0 ? `, with ${(0,format/* formatCount */.B4)(warnings, 'warning')}` : '');
    const waived = (0,format/* sumOf */.XN)(runs, ({ findings: all }) => collectWaived(all).count);
    return (0,format/* joinPresent */.uE)(' · ', word + (commit === '' ? '' : ` at ${(0,text_escape/* formatCode */.P_)(commit.slice(0, 7))}`), only && describeJoinedRun(only), formatChangeLine(runs, commit), waived > 0 && `${(0,format/* formatNumber */.ZV)(waived)} waived`, only && runUrlOf(only, links) && (0,text_escape/* link */.nf)('run', runUrlOf(only, links)));
}
function listRemarks({ verdict, runs }) {
    const evaluated = runs.filter(({ findings: all }) => all.length > 0);
    const reasons = [...new Set(evaluated.map(({ baselineUnusedReason }) => baselineUnusedReason))];
    const notes = [...new Set(evaluated.flatMap(({ baselineNotes }) => baselineNotes))];
    const [only] = runs.length === 1 ? runs : [];
    const isOld = verdict.exitCode === 0 && only?.origin?.kind === 'joined';
    return [
        ...reasons.map((reason) => {
            const whose = reasons.length === 1
                ? ''
                : listNames(evaluated.filter(({ baselineUnusedReason }) => baselineUnusedReason === reason));
            return reason === '' ? '' : (0,format/* joinPresent */.uE)(': ', whose, `*${formatSentence(reason, 600)}.*`);
        }),
        ...notes.map((note) => `*${formatSentence(note, 600)}.*`),
        ...runs.map(({ entry, redNotice }) => {
            if (redNotice === '')
                return '';
            const sentence = formatSentence(redNotice.replace(/\((\S+)\)$/, '(`$1`)'), 300);
            return `${only ? (0,format/* capitalise */.sK)(sentence) : `${(0,text_escape/* escapeForProse */.Ci)(entry.name, 64)}: ${sentence}`}.`;
        }),
        isOld
            ? `${NEW_START[only.sharedBy]}, or a re-run of a job with \`on_rerun: fresh\`, starts a new run.`
            : '',
        only ? formatLastStage(only) : '',
    ];
}
function formatLastStage({ verdict, run }) {
    if (verdict.conclusion !== 'timed_out' && verdict.conclusion !== 'interrupted')
        return '';
    const stage = run !== null && !(0,statuses/* isTerminal */.Hd)(run.status) ? run.stage : '';
    return stage ? `Last stage seen: ${(0,text_escape/* formatCode */.P_)(stage, 60)}.` : '';
}
function formatNextStep({ verdict: { nextStep: step, steps, exitCode, conclusion }, runs }) {
    if (step === '')
        return '';
    const warning = countWarnings(runs) > 1 ? 'warnings' : 'warning';
    const aim = `**To ${exitCode === 0 ? `clear the ${warning}` : 'turn this green'}:**`;
    if (steps.length > 0)
        return aim;
    if (['pending', 'interrupted'].includes(conclusion) ||
        /^(?:A|Another|Does|Is|Nothing|GitHub|The|To) /.test(step))
        return `**Next:** ${formatSentence(step, STEP_MAX)}`;
    return `${aim} ${formatSentence((0,format/* lowerFirst */.oZ)(step), STEP_MAX)}`;
}
function formatStepList({ verdict: { steps } }) {
    return formatBulletList(steps.map((step) => formatSentence(step, STEP_MAX)));
}
const STEP_MAX = 2_000;

;// CONCATENATED MODULE: ./src/report/run-sections.ts











function renderRuns(report, view) {
    const { verdict, errorMessage, runs } = report;
    return [
        runs.length > 1 ? formatRunsTable(report, view) : '',
        runs.length === 0 ? renderReason(verdict, errorMessage, view.text) : '',
        ...renderSections(report, view).flat(),
    ];
}
function renderReason(verdict, errorMessage, max) {
    const { isOfRun, text } = findReason(verdict, errorMessage);
    const quoted = quoteLines(text, Math.min(max, 3_000));
    return quoted !== '' && isOfRun ? `Alloovium reported:\n\n${quoted}` : quoted;
}
const RANK = { red: 0, warned: 1, green: 2 };
function rankOf(run) {
    return run.verdict.exitCode !== 0 ? 'red' : countWarnings([run]) > 0 ? 'warned' : 'green';
}
function sortByUrgency(runs) {
    return [...runs].sort((one, other) => RANK[rankOf(one)] - RANK[rankOf(other)]);
}
function renderSections({ runs, verdict }, view) {
    if (runs.length <= 1)
        return runs.map((run) => renderSection(run, view));
    const isGreen = (run) => rankOf(run) === 'green';
    const shown = sortByUrgency(runs).filter((run) => !view.isComment || !isGreen(run));
    const urgent = shown.filter((run) => !isGreen(run)).length;
    const share = (rows) => Math.min(rows, Math.ceil((3 * rows) / urgent));
    const shared = { ...view, rows: share(view.rows), warned: share(view.warned) };
    return shown.map((run) => {
        const { conclusion, nextStep: step, brief } = run.verdict;
        const name = (0,text_escape/* escapeForProse */.Ci)(run.entry.name, 64);
        const parts = renderSection(run, isGreen(run) ? view : shared);
        if (isGreen(run))
            return [
                formatCollapsed(`${name}: ${(0,text_escape/* escapeForProse */.Ci)(brief, 100)}`, (0,format/* joinPresent */.uE)('\n\n', describeJoinedRun(run), ...parts)),
            ];
        const isShown = step === verdict.nextStep ||
            countedFindings(run).some(({ matched }) => matched > 0) ||
            conclusion === 'interrupted' ||
            (conclusion === 'timed_out' && /^(?:Re-run this job|A run may have started)/.test(step));
        const title = `${view.isComment ? '####' : '###'} ${name}: ${formatResultCell(run, 200)}`;
        const about = (0,format/* joinPresent */.uE)('<br>', formatLastStage(run), describeJoinedRun(run));
        const next = isShown || step === '' ? '' : `**Next:** ${formatSentence(step, 600)}`;
        return [title, about, next, ...parts];
    });
}
function renderSection(run, view) {
    const { parts, seen } = renderFindings(run, view);
    const shown = [...parts, renderReason(run.verdict, run.ending.errorMessage, view.text)];
    if (view.isComment)
        return shown;
    const texts = renderOutputs(run, seen, view);
    const isBrief = view.conditions === 0;
    const aside = listNonBlocking(run, view).filter(({ word }) => word !== 'passed');
    return [
        ...shown,
        (0,format/* joinPresent */.uE)('<br>', ...aside.map(({ line }) => line)),
        run.findings.length === 0 || isBrief ? '' : formatGateTable(run, view),
        ...(texts.length === 0 ? [] : ['**What the workflow wrote**', ...texts]),
        isBrief ? '' : renderTimeline(run.stages, run.status),
        run.entry.name === '' || isBrief
            ? ''
            : formatCollapsed('Details', formatBulletList([...describeRun(run), formatSpent(run.polls, 0)])),
    ];
}
const RUN_COLUMNS = [
    { title: '', alignment: ':-:', formatCell: (run) => chooseIcon(run.verdict, [run]) },
    {
        title: 'Run',
        alignment: ':--',
        formatCell: (run, links, maxLength) => (0,text_escape/* link */.nf)((0,text_escape/* escapeForProse */.Ci)(run.entry.name, Math.max(24, maxLength / 3)), runUrlOf(run, links)),
    },
    {
        title: 'Result',
        alignment: ':--',
        formatCell: (run, _links, maxLength) => formatResultCell(run, maxLength),
    },
    { title: 'New', alignment: '--:', formatCell: formatNewCount },
];
function formatRunsTable({ runs, links }, { cell: maxLength }) {
    const sorted = sortByUrgency(runs);
    const columns = RUN_COLUMNS.map((column) => ({
        ...column,
        cells: sorted.map((run) => column.formatCell(run, links, maxLength)),
    })).filter(({ cells }) => cells.some((cell) => cell !== ''));
    return formatTable(columns.map(({ title }) => title), sorted.map((_, at) => columns.map(({ cells }) => cells[at] ?? '')), columns.map(({ alignment }) => alignment));
}
function formatNewCount(run) {
    const { fresh, uncompared } = countChanges([run]);
    const isKnown = run.changes !== null && uncompared === 0 && countedFindings(run).length > 0;
    return isKnown ? (0,format/* formatNumber */.ZV)(fresh) : '';
}
function formatResultCell(run, max) {
    const reported = countedFindings(run);
    if (reported.length === 0 || rankOf(run) === 'green') {
        const { brief, headline, conclusion } = run.verdict;
        return formatSentence(rankOf(run) === 'green' || conclusion === 'interrupted' ? brief : (0,format/* lowerFirst */.oZ)(headline), max);
    }
    const shown = reported.slice(0, 3).map((finding) => formatFinding(finding, text_escape/* formatCode */.P_, 'cell'));
    return (0,format/* joinPresent */.uE)('; ', ...shown, reported.length > 3 && `${reported.length - 3} more`);
}

;// CONCATENATED MODULE: ./src/comment/text.ts










const MAX_COMMENT_LENGTH = 60_000;
const COMMENT_DETAIL_LEVELS = [
    { rows: 10, warned: 5, folded: 10, conditions: 20, cell: 120, outputs: 5, text: 2_000 },
    { rows: 10, warned: 5, folded: 5, conditions: 10, cell: 100, outputs: 3, text: 500 },
];
function renderComment(report, marker) {
    const max = MAX_COMMENT_LENGTH - MAX_HIDDEN_LENGTH - marker.length - 1;
    return `${marker}\n${renderToFit((detail) => renderParts(report, detail), COMMENT_DETAIL_LEVELS, max, true)}`;
}
function renderParts(report, detail) {
    if (detail === null)
        return [...renderBriefVerdict(report, '###'), formatFooter(report, 'comment')];
    const { links, runs } = report;
    const view = { ...detail, isComment: true, links, elsewhere: linkSummary(report) };
    return [
        ...renderVerdict(report, '###'),
        ...renderRuns(report, view),
        renderMore(runs, view),
        formatFooter(report, 'comment'),
    ];
}
function renderMore(runs, view) {
    const evaluated = runs.filter((run) => run.findings.length > 0);
    const [only] = runs;
    if (only !== undefined && runs.length === 1 && evaluated.length === 0) {
        const texts = renderOutputs(only, new Set(), view);
        return texts.length === 0 ? '' : formatCollapsed('What the workflow wrote', texts.join('\n\n'));
    }
    const parts = evaluated.map((run) => {
        const others = listNonBlocking(run, view);
        const lines = (0,format/* joinPresent */.uE)('<br>', ...others.map(({ line }) => line), formatGateLine(run, view));
        return { others, text: runs.length === 1 ? lines : `${(0,text_escape/* escapeForProse */.Ci)(run.entry.name, 64)}:<br>${lines}` };
    });
    const words = [...new Set(parts.flatMap(({ others }) => others.map(({ word }) => word)))];
    const counts = words.map((word) => {
        const count = (0,format/* sumOf */.XN)(parts, ({ others }) => (0,format/* sumOf */.XN)(others, (one) => (one.word === word ? one.count : 0)));
        return `${(0,format/* formatNumber */.ZV)(count)} ${word}`;
    });
    const text = parts.map((part) => part.text).join('\n\n');
    return text === '' ? '' : formatCollapsed(`More: ${[...counts, 'gate'].join(', ')}`, text);
}

;// CONCATENATED MODULE: ./src/comment/draft.ts









function draftComment(report, inputs, context, stepName) {
    const marker = createMarker(context.workflowPath, ...inputs.commentKey);
    const shows = shownLevelOf(report);
    const runKeys = report.runs.map(({ order, entry }) => (0,item_identity/* digest */.br)((0,intent/* canonicalJson */.dj)([entry.name, ...stepName, identifyReview(order, context)])));
    return {
        marker,
        commit: context.commit,
        writer: identifyWriter(report, inputs, context, stepName),
        isShared: inputs.isCommentShared,
        shows,
        whyNone: isNotFound(report) ? 'there is no such workflow or project' : '',
        isNoNews: inputs.comment === 'on_failure' && shows === 'green',
        contentDigest: (0,item_identity/* digest */.br)(`${context.attempt} ${renderComment(normaliseOrigins(report), marker)}`),
        runKeys,
        snapshots: createSnapshots(report, runKeys, context.commit),
    };
}
function compareWithMemory(report, { runKeys }, memory) {
    const runs = report.runs.map((run, at) => {
        if (run.since !== null)
            return run;
        const last = memory?.runs.get(runKeys[at] ?? '');
        const isBefore = last !== undefined && last.madeAt < Date.parse(run.run?.createdAt ?? '');
        return { ...run, changes: compareWithReport(run.findings, isBefore ? last : null) };
    });
    return { ...report, runs };
}
function shownLevelOf({ verdict, runs }) {
    if (verdict.exitCode !== 0)
        return 'red';
    return runs.some(({ findings }) => findings.some(isWarning)) ? 'warned' : 'green';
}
function isNotFound({ runs }) {
    return runs.length > 0 && runs.every(({ ending }) => ending.kind === 'error' && ending.isNotFound);
}
function normaliseOrigins(report) {
    const runs = report.runs.map((run) => ({ ...run, origin: run.origin && { kind: 'new' } }));
    return { ...report, runs };
}
function identifyWriter(report, inputs, context, stepName) {
    const { runs } = report;
    const orders = report.orders.length > 0 ? report.orders : (0,runs_input/* groupOrders */.PH)(inputs.runs ?? [{ ...inputs, name: '' }]);
    const baseline = [inputs.baseline, report.hasBaseline];
    const reviews = orders.map((order) => identifyReview(order, context));
    const gates = orders.map((order, at) => [
        reviews[at] ?? null,
        ...order.entries.map((entry) => identifyGate(entry, inputs)),
    ]);
    const evaluated = runs.map(({ runId, entry }) => [runId, identifyGate(entry, inputs)]);
    const isEachKnown = runs.length > 0 && runs.every(({ runId }) => runId !== '');
    return {
        id: (0,item_identity/* digest */.br)((0,intent/* canonicalJson */.dj)([stepName, baseline, gates])),
        review: (0,item_identity/* digest */.br)((0,intent/* canonicalJson */.dj)([stepName, reviews])),
        judged: isEachKnown ? (0,item_identity/* digest */.br)((0,intent/* canonicalJson */.dj)([baseline, evaluated])) : '',
        jobRun: context.jobRunId,
        attempt: context.attempt,
        createdAt: new Map(runs.flatMap(({ entry, run }) => {
            const ms = Date.parse(run?.createdAt ?? '');
            return Number.isNaN(ms) ? [] : [[(0,item_identity/* digest */.br)(entry.name), ms]];
        })),
    };
}
function createSnapshots({ runs }, runKeys, commit) {
    return new Map(runs.flatMap(({ entry, findings, run }, at) => {
        const madeAt = Date.parse(run?.createdAt ?? '');
        if (findings.length === 0 || Number.isNaN(madeAt))
            return [];
        return [[runKeys[at] ?? '', createSnapshot(findings, { madeAt, commit }, entry.columns)]];
    }));
}
function identifyReview({ runId, workflowId, projectId, inputs }, { jobValues }) {
    return runId === '' ? [workflowId, projectId, digestInputs(inputs, jobValues)] : [runId];
}
function identifyGate({ gate, knownBy, waivers }, { failOn }) {
    return [
        failOn,
        gate.conditions.map(({ severity, name, expression }) => [severity, name, expression]),
        [...knownBy].map(([name, fields]) => [name, fields]),
        waivers.map(({ match, condition, until, count }) => [
            [...match].map((pair) => [...pair]),
            condition,
            until,
            count,
        ]),
    ];
}

;// CONCATENATED MODULE: ./src/comment/rule.ts


const STILL_RED = 'Another review that shares this comment is still red: see the checks.';
const MAX_RED_WRITERS = 20;
const MAX_REMEMBERED_RUNS = 20;
const CASES = [
    {
        when: 'The hidden state was changed, and the report is not red',
        then: 'The comment stays, with a warning: delete it',
        applies: ({ isDamaged, isRed }) => isDamaged && !isRed,
        decide: () => ({ action: 'leave', level: 'warning', reason: 'its state was changed: delete it' }),
    },
    {
        when: 'The head of the pull request is not known, the comment is of another commit, and the report is not red',
        then: 'The comment stays',
        applies: ({ isHeadKnown, isOfOtherCommit, isRed }) => !isHeadKnown && isOfOtherCommit && !isRed,
        decide: () => leaveAsIs('it is for another commit, and GitHub did not say which commit is the head'),
    },
    {
        when: 'Another writer is red at this commit, or a newer run of this one is, and the report is not red',
        then: 'The comment stays. If its text was this writer’s, it says that another review is still red',
        applies: ({ others, isRed }) => others.length > 0 && !isRed,
        decide: keepOtherRed,
    },
    {
        when: '`on_failure`, the report is green, and there is no comment that is red or warns',
        then: 'The comment stays, or none is created',
        applies: ({ draft, hasNothingOpen }) => draft.isNoNews && hasNothingOpen,
        decide: () => leaveAsIs('there is nothing to report'),
    },
    {
        when: 'There is no comment, and no such workflow or project',
        then: 'No comment is created',
        applies: ({ isMissing, draft }) => isMissing && draft.whyNone !== '',
        decide: ({ draft }) => leaveAsIs(draft.whyNone),
    },
    {
        when: 'The comment says the same already',
        then: 'The comment stays',
        applies: ({ saysSame }) => saysSame,
        decide: () => leaveAsIs('it says so already'),
    },
    {
        when: 'Anything else',
        then: 'The comment is written. A red report adds its writer to the list of who is red',
        applies: () => true,
        decide: decideToWrite,
    },
];
function decideComment(situation, draft) {
    const comparison = compareWithComment(situation, draft);
    const { decide } = CASES.find(({ applies }) => applies(comparison)) ?? { decide: decideToWrite };
    return { ...decide(comparison), memoryBefore: comparison.memoryBefore, isOutdated: comparison.isOutdated };
}
function compareWithComment({ existing, lastDecision, isHeadKnown }, draft) {
    const { visible, memory } = existing === null ? { visible: '', memory: null } : parseComment(existing);
    const isRed = draft.shows === 'red';
    const atHead = memory?.commit === draft.commit ? memory : null;
    const red = atHead?.red ?? [];
    const others = red.filter((one) => !mayReplace(one, draft));
    const isReduced = others.length < red.length;
    const isTextReplaceable = atHead !== null && mayReplace(atHead.author, draft);
    const isSame = isTextReplaceable && atHead.contentDigest === draft.contentDigest && isTextWhole(visible, atHead);
    const isListed = red.some((one) => isSameWriter(one, draft.writer));
    return {
        draft,
        isRed,
        isHeadKnown,
        isMissing: existing === null,
        isDamaged: existing !== null && memory === null,
        isOfOtherCommit: memory !== null && atHead === null,
        hasNothingOpen: memory === null ? existing === null : memory.red.length === 0 && !memory.isWarned,
        memory,
        memoryBefore: lastDecision === null ? memory : lastDecision.memoryBefore,
        atHead,
        visible,
        others,
        isReduced,
        isTextReplaceable,
        isOutdated: !isRed && others.some((one) => isOfSameReview(one, draft)),
        saysSame: isSame && (isRed ? isListed : !isReduced),
    };
}
function leaveAsIs(reason) {
    return { action: 'leave', level: 'line', reason };
}
function keepOtherRed({ draft, atHead, visible, others, isReduced, isTextReplaceable, }) {
    if (atHead === null || (!isReduced && !isTextReplaceable))
        return leaveAsIs(OTHERS_RED);
    const left = { ...atHead, red: others };
    if (!isTextReplaceable)
        return { action: 'write', body: appendMemory(visible, left) };
    const text = `${draft.marker}\n${STILL_RED}`;
    if (text === visible && !isReduced)
        return leaveAsIs(OTHERS_RED);
    return { action: 'write', body: formatComment(text, { ...left, contentDigest: (0,item_identity/* digest */.br)(text) }) };
}
const NEWER_RED = 'a newer run of this commit is red: the comment stays red';
const OTHERS_RED = 'it shows what else is red at this commit';
function decideToWrite({ draft, memory, others, isRed }) {
    const { commit, writer, contentDigest, shows, snapshots } = draft;
    const runs = new Map([...snapshots, ...(memory?.runs ?? []), ...snapshots]);
    return {
        action: 'report',
        memory: {
            commit,
            author: writer,
            contentDigest,
            isWarned: shows === 'warned',
            red: isRed ? addRedWriter(others, writer) : [],
            runs: new Map([...runs].slice(0, MAX_REMEMBERED_RUNS)),
        },
    };
}
function isReportKept(existing, draft) {
    const { memory } = parseComment(existing);
    if (memory?.commit !== draft.commit)
        return false;
    if (draft.shows !== 'red')
        return !memory.red.some((one) => mayReplace(one, draft));
    const isListed = memory.red.some((one) => isSameWriter(one, draft.writer));
    return isListed || memory.red.length === MAX_RED_WRITERS;
}
function isSameWriter(one, writer) {
    return one.id === writer.id || (one.judged !== '' && one.judged === writer.judged);
}
function isOfSameReview(one, { writer, isShared }) {
    const isOther = one.jobRun !== writer.jobRun || one.attempt < writer.attempt;
    return isSameWriter(one, writer) || (!isShared && one.review === writer.review && isOther);
}
function mayReplace(one, draft) {
    const { createdAt } = draft.writer;
    const isOlder = [...one.createdAt].some(([name, ms]) => !((createdAt.get(name) ?? -Infinity) >= ms));
    return isOfSameReview(one, draft) && !isOlder;
}
function addRedWriter(others, writer) {
    return others.length < MAX_RED_WRITERS
        ? [...others, writer]
        : [...others.slice(0, MAX_RED_WRITERS - 1), NOBODY];
}
const NOBODY = {
    id: (0,item_identity/* digest */.br)(''),
    review: (0,item_identity/* digest */.br)(''),
    judged: '',
    jobRun: '0',
    attempt: 0,
    createdAt: new Map(),
};

;// CONCATENATED MODULE: ./src/comment/write-comment.ts







const CONCLUSIONS_WITHOUT_COMMENT = new Set(['pending', 'skipped', 'interrupted']);
async function writeComment(parts, report) {
    const { host, signal, redact } = parts;
    const { inputs, context } = report;
    if (inputs === null || context === null || inputs.comment === 'never')
        return { url: '', report };
    const target = findPullRequestToCommentOn(report, inputs, context);
    if (typeof target !== 'number')
        return { url: '', report: addNotices(report, logNotice(host, target)) };
    const draft = draftComment(report, inputs, context, [
        host.environment.GITHUB_JOB ?? '',
        host.environment.GITHUB_ACTION ?? '',
    ]);
    try {
        const { result, decision } = await parts.writeStickyComment({
            apiUrl: context.apiUrl,
            token: inputs.githubToken,
            repository: context.repository,
            pullRequest: target,
            commit: context.head,
            marker: draft.marker,
            decide: (existing, lastDecision, isHeadKnown) => decideAndRender(report, draft, { existing, lastDecision, isHeadKnown }),
            isKept: (existing) => isReportKept(existing, draft),
            isShared: inputs.isCommentShared,
        }, {
            clock: parts.clock,
            signal,
            proxy: findProxy(context.apiUrl, host.environment)?.href ?? null,
        });
        const outdated = logNotice(host, {
            level: decision?.isOutdated === true ? 'notice' : 'none',
            text: NEWER_RED,
        });
        const isLogged = outdated.length > 0 && decision?.action === 'leave';
        const written = isLogged
            ? []
            : logNotice(host, { level: noticeLevelOf(result, context), text: result.text });
        if (result.detail !== '')
            host.line((0,text_escape/* appendUntrusted */.Jc)('    Detail', redact(result.detail).slice(0, 300)));
        return { url: result.url, report: addNotices(decision?.report ?? report, [...outdated, ...written]) };
    }
    catch (error) {
        if (!signal.aborted)
            host.warning(`No comment: ${error instanceof Error ? redact(error.message) : 'an unknown fault'}.`, 'loss');
        return { url: '', report };
    }
}
function decideAndRender(report, draft, situation) {
    const decision = decideComment(situation, draft);
    const { memoryBefore, isOutdated } = decision;
    const compared = compareWithMemory(report, draft, memoryBefore);
    if (decision.action !== 'report')
        return { ...decision, report: compared };
    const body = formatComment(renderComment(compared, draft.marker), decision.memory);
    return { action: 'write', body, memoryBefore, isOutdated, report: compared };
}
function findPullRequestToCommentOn({ verdict }, inputs, context) {
    if (!inputs.wait)
        return { level: 'notice', text: 'No comment: with `wait: false` there is no verdict.' };
    if (CONCLUSIONS_WITHOUT_COMMENT.has(verdict.conclusion))
        return { level: 'none', text: '' };
    const { pullRequest } = context;
    if (pullRequest.kind === 'none' || pullRequest.kind === 'commented') {
        const reason = pullRequest.kind === 'none' ? pullRequest.reason : NOT_CHECKED;
        return { level: 'notice', text: `No comment: ${reason}.` };
    }
    if (pullRequest.kind === 'named' && !pullRequest.isOpen)
        return { level: 'warning', text: `No comment: pull request #${pullRequest.number} is closed.` };
    if (inputs.githubToken === '')
        return {
            level: 'warning',
            text: 'No comment: `github_token` is empty. Leave it out, or give `${{ github.token }}`.',
        };
    return pullRequest.number;
}
function noticeLevelOf({ level }, { pullRequest }) {
    return level === 'notice' && pullRequest.kind === 'named' ? 'warning' : level;
}
function logNotice(host, { level, text }) {
    switch (level) {
        case 'none':
            return [];
        case 'line':
            if (text !== '')
                host.line((0,text_escape/* formatTrusted */.jh)(text));
            return [];
        case 'notice':
            host.line((0,text_escape/* formatTrusted */.jh)(`note: ${text}`));
            return [text];
        case 'warning':
            host.warning(text, 'loss');
            return [];
    }
}
function addNotices(report, notices) {
    return { ...report, notices: [...report.notices, ...notices] };
}

;// CONCATENATED MODULE: ./src/report/end-of-log.ts






function formatBaselineLines({ runs }) {
    return runs.flatMap((run) => {
        const line = formatBaselineLine(run);
        if (line === null)
            return [];
        return [runs.length === 1 ? line : (0,text_escape/* logLine */.BP) `${run.entry.name}: ${line}`];
    });
}
function formatBaselineLine({ changes }) {
    const { baselineOf = null, since = '', conditions = [] } = changes ?? {};
    if (baselineOf === null)
        return null;
    const marks = conditions.flatMap((one) => one?.itemStates ?? []);
    const count = (mark) => marks.filter((one) => one === mark).length;
    const added = count('new');
    const others = count('known') + count('still');
    const time = (0,format/* formatTime */.fU)(baselineOf);
    const ofTime = { safe: time && ` of ${time}` };
    const what = (0,format/* joinPresent */.uE)(', ', added > 0 ? `${(0,format/* formatNumber */.ZV)(added)} new` : 'nothing new', others > 0 && `${(0,format/* formatNumber */.ZV)(others)} known`);
    return (0,text_escape/* logLine */.BP) `Compared with the baseline${ofTime}${since && ` at ${since}`}: ${what}`;
}
function describeWarning({ runs, verdict }) {
    const warned = runs.map(({ entry, findings }) => ({ entry, findings: findings.filter(isWarning) }));
    const phrases = warned
        .filter(({ findings }) => findings.length > 0)
        .map(({ entry: { name }, findings }) => `${name === '' ? '' : `${name}: `}${describeFindings(findings)}`);
    const lead = `A warning only: ${phrases.join('; ')}`;
    const nextStep = verdict.exitCode === 0 ? verdict.nextStep : '';
    return {
        text: phrases.length === 0 ? '' : formatAnnotation({ lead, nextStep }),
        isLoss: warned.some(({ findings }) => findings.some(({ result }) => result === 'cannot_be_evaluated')),
    };
}
function formatPassedLine({ verdict, runs }) {
    const isLogged = verdict.exitCode !== 0 || runs.some(({ findings }) => findings.some(isWarning));
    return isLogged ? null : (0,text_escape/* formatTrusted */.jh)(formatAnnotation(verdict));
}
const ENDED = {
    success: 'Green',
    pending: 'Launched without waiting,',
    skipped: 'Skipped',
    gate_failed: 'Red because the gate failed,',
    failure: 'Red because the run failed,',
    cancelled: 'Red because the run was cancelled at Alloovium,',
    timed_out: 'Red because the time ran out,',
    interrupted: 'Stopped by the runner',
    error: 'Red because of an error,',
};
const HELD_BACK = 'Red because the API asked to wait for longer than `timeout_minutes` allows,';
function isHeldBack({ ending, runId }) {
    return ending.kind === 'timed_out' && ending.askedMs !== null && runId === '';
}
function formatLastLine({ verdict, runs, links }, elapsedMs) {
    const { conclusion } = verdict;
    const isHeldBackAlone = runs.length === 1 && runs.every(isHeldBack);
    const start = `${isHeldBackAlone ? HELD_BACK : ENDED[conclusion]} after ${(0,format/* formatDuration */.a3)(elapsedMs)}`;
    return (0,text_escape/* logLine */.BP) `${{ safe: start }}${end_of_log_describeRuns(runs, links.runUrl)} (${{ safe: conclusion }})`;
}
function end_of_log_describeRuns(runs, template) {
    const [run, ...others] = runs;
    if (run === undefined)
        return (0,text_escape/* logLine */.BP) ``;
    if (others.length > 0) {
        const green = runs.filter((one) => one.verdict.exitCode === 0).length;
        return (0,text_escape/* logLine */.BP) `: ${green} of ${(0,format/* formatCount */.B4)(runs.length, 'run')} green`;
    }
    if (run.runId === '')
        return (0,text_escape/* logLine */.BP) ``;
    const url = fillUrl(template, run, null);
    return url === '' ? (0,text_escape/* logLine */.BP) `: ${run.runId}` : (0,text_escape/* logLine */.BP) `: ${(0,text_escape/* formatTrusted */.jh)(url)}`;
}

;// CONCATENATED MODULE: ./src/report/log-items.ts







const MAX_ITEMS = 10;
const MAX_ITEM_LINES = 500;
const MAX_CHARACTERS = 200;
function formatConditionLines(runs, page) {
    let left = page === null ? 0 : MAX_ITEM_LINES;
    return runs.flatMap((run) => {
        const name = runs.length > 1 && run.findings.length > 0 ? [(0,text_escape/* logLine */.BP) `${run.entry.name}`] : [];
        const conditions = run.findings.map((finding) => {
            const most = Math.min(left, MAX_ITEMS);
            const items = isRed(finding) || isWarning(finding) ? formatItemLines(run, finding, most) : [];
            left -= items.length;
            return [
                ...formatGateLines({ findings: [finding] }),
                ...items,
                ...formatMoreLine(finding, items.length, page),
            ];
        });
        return [...name, ...conditions.flat()];
    });
}
function formatItemLines(run, finding, most) {
    const items = listOpenItems(run, finding);
    const rows = items.map(({ row }) => row);
    const { rows: cells } = buildPlainTable(rows, (0,field_lists/* fieldsFor */.VV)(run.entry.columns, finding.condition), most);
    return items.slice(0, most).map(({ isNew }, at) => {
        const texts = [isNew ? 'new' : '', ...(cells[at] ?? [])].filter((text) => text !== '');
        return (0,text_escape/* logLine */.BP) `      - ${(0,text_escape/* truncate */.xv)(texts.join(' · '), MAX_CHARACTERS)}`;
    });
}
function formatMoreLine(finding, shown, page) {
    const count = countOpen(finding) - shown;
    if (page === null || count <= 0 || !(isRed(finding) || isWarning(finding)))
        return [];
    const what = `${(0,format/* formatNumber */.ZV)(count)}${shown > 0 ? ' more' : ''}`;
    return [page === '' ? (0,text_escape/* logLine */.BP) `      ${what}` : (0,text_escape/* logLine */.BP) `      ${what}: ${{ safe: page }}`];
}

// EXTERNAL MODULE: ./src/text/redact.ts
var redact = __nccwpck_require__(3326);
;// CONCATENATED MODULE: ./src/report/step-outputs.ts



const MAX_TOTAL_UNITS = 450_000;
const MAX_ENTRIES = 256;
const step_outputs_MAX_NAME = 100;
const RESERVED = /^(?:gate|run|report|outputs|matches|headline|baseline)/i;
const OUTPUTS_JSON = 'outputs_json';
function buildStepOutputs(outputs, json, declared) {
    const { named, reserved, dropped } = nameOutputs(outputs, declared);
    const halved = named.filter(([, value]) => !value.isWellFormed()).map(([name]) => name);
    const tooLarge = named.filter(([, value]) => !fitsInOutput(value)).map(([name]) => name);
    const entries = named.map(([name, value]) => [
        name,
        fitsInOutput(value) ? value.toWellFormed() : '',
    ]);
    const whole = [OUTPUTS_JSON, json ?? ''];
    if (json === null)
        tooLarge.push(OUTPUTS_JSON);
    let total = whole[1].length;
    for (const [name, value] of [...declared, ...entries])
        total += name.length + value.length;
    for (const entry of [whole, ...entries.toReversed()]) {
        const [name, value] = entry;
        if (total <= MAX_TOTAL_UNITS || value === '')
            continue;
        total -= value.length;
        entry[1] = '';
        tooLarge.push(name);
    }
    const notices = [
        dropped > 0 &&
            `Only the first ${MAX_ENTRIES} keys of the outputs are step outputs; ${dropped} more are not.`,
        tooLarge.length > 0 &&
            `These step outputs are empty because their values are too large: ${listSome(tooLarge)}.`,
        halved.length > 0 &&
            `Invalid characters (halves of a surrogate pair) are written as U+FFFD in ${listSome(halved)}.`,
    ];
    const kept = `These keys of the outputs are not step outputs, because the action uses their names: ${listSome(reserved)}.`;
    return {
        entries,
        outputsJson: whole[1],
        truncated: tooLarge.length > 0 || dropped > 0,
        notices: notices.filter((text) => text !== false),
        warnings: reserved.length > 0 ? [kept] : [],
    };
}
function nameOutputs(outputs, declared) {
    const named = [];
    const reserved = [];
    let dropped = 0;
    if (!(0,src_json/* isJsonObject */.OW)(outputs))
        return { named, reserved, dropped };
    const key = (name) => name.toLowerCase();
    const ours = new Set(declared.map(([name]) => key(name)));
    const lastSuffix = new Map([...ours].map((name) => [name, 1]));
    for (const label of Object.keys(outputs)) {
        const name = makeSafeName(label);
        if (ours.has(key(name)) || RESERVED.test(name)) {
            reserved.push(name);
        }
        else if (named.length >= MAX_ENTRIES) {
            dropped++;
        }
        else {
            const value = outputs[label] ?? null;
            const text = typeof value === 'string' ? value : JSON.stringify(value);
            named.push([(0,redact/* makeNameUnique */.BT)(name, lastSuffix, step_outputs_MAX_NAME, key), text]);
        }
    }
    return { named, reserved, dropped };
}
function makeSafeName(key) {
    const name = key.slice(0, step_outputs_MAX_NAME).replace(/[^A-Za-z0-9_-]/gu, '_');
    return (/^[A-Za-z_]/.test(name) ? name : `_${name}`).slice(0, step_outputs_MAX_NAME);
}
function listSome(names) {
    const shown = names.slice(0, 5).map((name) => `"${name}"`);
    const more = names.length - shown.length;
    return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}
function countGateMatches(runs) {
    const gated = runs.filter(({ verdict }) => verdict.gate !== 'none');
    const isEvaluated = gated.length > 0 && gated.every(({ verdict }) => verdict.gate !== 'not_evaluated');
    if (!isEvaluated)
        return { gate_matched_count: null, gate_new_count: null };
    const lists = gated.map(({ findings }) => findings.filter(({ condition }) => condition.severity === 'fail'));
    const matched = lists.flat().reduce((sum, one) => sum + one.matched, 0);
    const known = lists.flat().flatMap((one) => one.known ?? []);
    const isCompared = lists.every((findings) => findings.some(({ knownBy }) => knownBy.length > 0) && findings.every((one) => one.known !== null));
    return {
        gate_matched_count: matched,
        gate_new_count: isCompared ? matched - known.filter((isKnown) => isKnown).length : null,
    };
}

;// CONCATENATED MODULE: ./src/report/summary.ts









const SUMMARY_MAX = 330_000;
const OF_SUMMARY = [
    { rows: 20, warned: 20, folded: 100, conditions: 200, cell: 200, outputs: 40, text: 50_000 },
    { rows: 20, warned: 10, folded: 20, conditions: 50, cell: 200, outputs: 20, text: 5_000 },
    { rows: 10, warned: 5, folded: 10, conditions: 20, cell: 100, outputs: 10, text: 1_000 },
];
function renderSummary(report) {
    const waivers = renderWaivers(report.runs);
    return `${renderToFit((detail) => renderSummaryParts(report, detail, waivers), OF_SUMMARY, SUMMARY_MAX - 1, false)}\n`;
}
function renderSummaryParts(report, detail, waivers) {
    if (detail === null)
        return [...renderBriefVerdict(report, '##'), formatFooter(report, 'summary')];
    return [
        ...renderVerdict(report, '##'),
        ...renderRuns(report, { ...detail, isComment: false, links: report.links, elsewhere: GATE_FILE }),
        waivers,
        formatNotices(report, detail),
        renderDetails(report),
        formatFooter(report, 'summary'),
    ];
}
function renderWaivers(runs) {
    const lists = runs.flatMap(({ entry, findings: all }) => all.filter((finding) => isRed(finding) && finding.matched > 0).map((finding) => ({ entry, finding })));
    const items = lists.flatMap(({ entry, finding: { condition, rows, knownBy, known, isExcused } }) => rows
        .filter((_, at) => isExcused === null || known?.[at] !== true)
        .map((item) => ({ run: entry.name, item, knownBy, condition: condition.name })));
    const yaml = (0,gate_waivers/* formatWaiversToCopy */.T)(items);
    const offered = yaml === ''
        ? ''
        : formatCollapsed('To accept items: <code>waivers</code>, each with a reason', `${(0,text_escape/* formatCodeBlock */.mU)(yaml, Infinity)}\n\n${WAIVERS_TAKE_EFFECT}`);
    const isUnnamed = lists.some(({ finding }) => finding.knownBy.length === 0);
    return (0,format/* joinPresent */.uE)('\n\n', offered, isUnnamed && KNOWN_BY_OFFERS);
}
const WAIVERS_TAKE_EFFECT = 'A waiver takes effect with the next push or *Update branch*, not with a re-run.';
const KNOWN_BY_OFFERS = 'With `known_by`, reports say which items are new, and this summary offers waivers to copy.';

;// CONCATENATED MODULE: ./src/report/report-file.ts


const REPORT_FILE_MAX = 60_000;
function renderReport(report) {
    return `${renderToFit((detail) => renderSummaryParts(report, detail, ''), OF_SUMMARY, REPORT_FILE_MAX - 1, true)}\n`;
}

;// CONCATENATED MODULE: ./src/publish.ts













function logResult(host, report) {
    logConditions(host, report);
    for (const line of formatBaselineLines(report))
        host.line(line);
    const { text, isLoss } = describeWarning(report);
    if (text !== '')
        host.warning(text, isLoss ? 'loss' : 'advice');
    const green = formatPassedLine(report);
    if (green !== null)
        host.line(green);
    for (const { name, text } of report.advice)
        host.line(formatNote(text.endsWith('?') ? text : `${text}.`, name));
}
function logConditions(host, { inputs, runs, jobRunUrl }) {
    const isAnyGated = runs.some(hasGate);
    for (const one of runs) {
        if (isAnyGated && !hasGate(one))
            host.line(formatNote('no gate', one.entry.name));
    }
    const page = (inputs?.jobSummary ?? true) ? jobRunUrl : null;
    for (const line of formatConditionLines(runs, page))
        host.line(line);
}
function writeStepOutputs(parts, report) {
    const { files, error } = joinFiles(parts, report);
    if (error !== null)
        return writeAfterFailure(parts, report, files, { ...FILES_FAILED, error });
    try {
        return writeOutputs(parts.host, report, files);
    }
    catch (error) {
        return writeAfterFailure(parts, report, files, { ...OUTPUTS_FAILED, error });
    }
}
function writeAfterFailure({ host, redact }, report, files, { headline, remedy, error }) {
    const errorMessage = error instanceof Error ? redact(error.message) : '';
    const failed = addFailure(report, { kind: 'error', headline, remedy, errorMessage });
    try {
        return writeOutputs(host, failed, files);
    }
    catch {
        return failed;
    }
}
const FILES_FAILED = {
    headline: 'The files of the step outputs cannot be written',
    remedy: 'Check the disk and the temporary folder of the runner (RUNNER_TEMP).',
};
const OUTPUTS_FAILED = {
    headline: 'The step outputs cannot be written',
    remedy: 'Check that GITHUB_OUTPUT names a file that can be written, and the disk of the runner.',
};
function joinFiles({ host, clock }, { inputs, context, runs, gateFileName }) {
    const [why] = runs.flatMap(({ stored }) => stored?.error ?? []);
    const error = why === undefined ? null : new Error(why);
    if (!inputs?.runs)
        return { files: runs[0]?.stored ?? NOT_STORED, error };
    if (error !== null || context === null || runs.length === 0)
        return { files: NOT_STORED, error };
    try {
        return { files: writeJoinedFiles({ host, context, gateFileName }, runs, clock.date()), error: null };
    }
    catch (error) {
        return { files: NOT_STORED, error: error instanceof Error ? error : new Error() };
    }
}
const LAST_OUTPUTS = ['report_file', 'comment_url'];
function writeReportFile(host, report) {
    if (report.verdict.conclusion === 'skipped')
        return '';
    try {
        return host.writeFile('report.md', renderReport(report));
    }
    catch {
        host.warning('The report file could not be written.', 'loss');
        return '';
    }
}
function writeLastOutputs(host, { verdict }, values) {
    try {
        for (const name of LAST_OUTPUTS)
            host.output(name, values[name]);
    }
    catch {
        if (verdict.headline !== OUTPUTS_FAILED.headline)
            host.warning('The outputs `report_file` and `comment_url` could not be written.', 'loss');
    }
}
async function writeSummary(host, report, reportFile) {
    if (!(report.inputs?.jobSummary ?? true))
        return;
    try {
        await host.summary(renderSummary(report));
    }
    catch {
        const instead = reportFile === '' ? '' : ' `report_file` has the report.';
        host.warning(`The job summary could not be written.${instead}`, 'loss');
    }
}
function logEnding(host, report, elapsedMs) {
    const { verdict } = report;
    for (const line of formatReasonLines(report))
        host.line(line);
    if (verdict.exitCode !== 0)
        host.error(formatAnnotation(verdict));
    host.line(formatLastLine(report, elapsedMs));
}
function writeOutputs(host, report, stored) {
    const { verdict, runs, notices: before } = report;
    const several = report.inputs?.runs ?? null;
    const [only] = several === null ? runs : [];
    const row = only === undefined ? createEmptyRow('') : rowOfRun(only);
    const order = several === null ? report.orders[0] : undefined;
    const isFirst = host.environment.GITHUB_RUN_ATTEMPT === '1' || report.inputs?.onRerun === 'fresh';
    const red = countRedRunsBefore(runs) ?? (isFirst ? 0 : null);
    const message = fitsInOutput(report.errorMessage) ? report.errorMessage.toWellFormed() : '';
    const values = {
        run_id: row.run_id,
        workflow_id: row.workflow_id || (order?.workflowId ?? ''),
        status: row.status,
        conclusion: verdict.conclusion,
        gate: verdict.gate,
        headline: verdict.headline,
        outputs_json: '',
        outputs_file: stored.outputsFile,
        gate_file: stored.gateFile,
        outputs_truncated: false,
        commit: report.commit,
        run_url: only === undefined ? '' : fillUrl(report.links.runUrl, only, null),
        error_message: message || (verdict.exitCode === 0 ? '' : verdict.headline),
        started_at: row.started_at,
        completed_at: row.completed_at,
        duration_seconds: row.duration_seconds,
        idempotency_key: row.idempotency_key,
        replayed: several === null ? row.replayed : '',
        tokens_spent: report.tokens,
        runs_json: several === null
            ? ''
            : formatRunsJson(runs.length > 0 ? runs.map(rowOfRun) : several.map((entry) => rowWithoutRun(entry, report, red))),
        ...countGateMatches(runs),
        red_runs_before: red,
        baseline_name: report.gateFileName,
        baseline_ready: isBaselineReady(runs, report.context),
    };
    const texts = () => Object.entries(values).map(([name, value]) => [name, String(value ?? '')]);
    const declared = [...texts(), ...LAST_OUTPUTS.map((name) => [name, ''])];
    const { entries, outputsJson, truncated, notices, warnings } = buildStepOutputs(only && outputsOf(only), stored.outputsJson, declared);
    values.outputs_json = outputsJson;
    values.outputs_truncated = truncated;
    for (const [name, value] of [...texts(), ...entries])
        host.output(name, value);
    const isFresh = (text) => !before.includes(text);
    for (const text of warnings.filter(isFresh))
        host.warning(text, 'loss');
    for (const text of notices.filter(isFresh))
        host.line(formatNote(text));
    return { ...report, notices: [...before, ...[...warnings, ...notices].filter(isFresh)] };
}
function rowWithoutRun({ name, isGated }, { isGated: isStepGated, verdict }, redRunsBefore) {
    return {
        ...createEmptyRow(name),
        red_runs_before: redRunsBefore,
        conclusion: verdict.conclusion,
        gate: isGated || isStepGated ? verdict.gate : 'none',
    };
}
function rowOfRun(one) {
    const { run, status, verdict } = one;
    return {
        name: one.entry.name,
        run_id: one.runId,
        workflow_id: one.workflowId,
        project_id: one.order.projectId,
        status: wire/* WORD */.f7.test(status) ? status : '',
        conclusion: verdict.conclusion,
        gate: verdict.gate,
        headline: verdict.headline,
        ...countGateMatches([one]),
        replayed: one.replayed,
        red_runs_before: one.redRunsBefore,
        idempotency_key: one.idempotencyKey,
        started_at: run?.startedAt ?? '',
        completed_at: run?.completedAt ?? '',
        duration_seconds: readDurationSeconds(one),
        error_message: one.ending.errorMessage,
    };
}

// EXTERNAL MODULE: ./src/runs/ending.ts
var runs_ending = __nccwpck_require__(2999);
;// CONCATENATED MODULE: ./src/github/pull-request.ts


const CHECK = 'Check `pull_request`, and give the job `permissions: { pull-requests: read }`.';
async function readPullRequest(place, number, deps) {
    const api = await (0,github_api/* connectToGithub */.DK)(place, deps);
    try {
        return await api.call(`GET ${api.repository}/pulls/${number}`, {}, (data) => {
            const head = (0,read_field/* readSha */.tU)(data, 'head', 'sha');
            return head === null ? null : { head, isOpen: (0,read_field/* readPath */.G7)(data, 'state') === 'open' };
        });
    }
    catch (error) {
        deps.signal.throwIfAborted();
        if (!(error instanceof github_api/* CallFailed */.Ep))
            throw error;
        if (error.why === 404)
            return { why: 'was not found, or this token cannot read it', remedy: CHECK, isRefused: true };
        if (error.why === 401 || error.why === 403)
            return { why: `cannot be read with this token (${error.why})`, remedy: CHECK, isRefused: true };
        return { why: `could not be read (${(0,github_api/* describeCause */.V$)(error)})`, remedy: '{again}', isRefused: false };
    }
    finally {
        await api.close();
    }
}

;// CONCATENATED MODULE: ./src/reviewed-commit.ts





class NoAnswerError extends step_error/* StepError */.z {
}
async function resolveContext({ host, clock, signal }, inputs, context) {
    const number = findPullRequestToRead(inputs, context);
    if (number === null)
        return context;
    const { apiUrl, repository } = context;
    if (inputs.githubToken === '')
        throw new inputs_inputs/* InputError */.dz([
            inputs.pullRequest === null
                ? '`comment` needs `github_token` on this event, to read the head of the pull request. It is empty.'
                : '`pull_request` needs `github_token`, which is empty.',
        ], inputs);
    const proxy = findProxy(apiUrl, host.environment)?.href ?? null;
    const place = { apiUrl, token: inputs.githubToken, repository };
    const found = await readPullRequest(place, number, { clock, signal, proxy });
    if ('why' in found) {
        const LookupError = found.isRefused ? step_error/* StepError */.z : NoAnswerError;
        throw new LookupError(`Pull request #${number} ${found.why}`, `Nothing was started. ${found.remedy}`);
    }
    const resolved = setPullRequest(context, number, found);
    const keys = [inputs.idempotencyKey, ...(inputs.runs ?? []).map((entry) => entry.idempotencyKey)];
    if (inputs.commitStatus !== '' && keys.some((key) => key !== '' && key !== found.head))
        throw new inputs_inputs/* InputError */.dz([
            'With `commit_status`, `idempotency_key` must be the head commit of the pull request, or be left out.',
        ], inputs);
    return resolved;
}
function findPullRequestToRead(inputs, { event, pullRequest }) {
    const { pullRequest: given } = inputs;
    const isWanted = inputs.comment !== 'never' || inputs.commitStatus !== '';
    if (given === null)
        return isWanted && pullRequest.kind === 'commented' ? pullRequest.number : null;
    if (event === 'merge_group')
        throw new inputs_inputs/* InputError */.dz(['`pull_request` cannot be used on merge_group: leave it out there.'], inputs);
    if (pullRequest.kind !== 'of_event')
        return given;
    if (pullRequest.number !== given)
        throw new inputs_inputs/* InputError */.dz([`\`pull_request\` is not the number of this event, ${pullRequest.number}.`], inputs);
    return null;
}

;// CONCATENATED MODULE: ./src/gate/finding.ts


const ROWS = { most: 400, characters: 256 * 1024, unmatched: 50 };
function createFinding(compared) {
    const { matched, unmatched, waived, knownBy, prints, waivedPrints, removed, nearTexts, ...rest } = sortNewFirst(compared);
    const ids = knownBy.length === 0 ? [] : (0,item_identity/* makeUnique */.Ki)([...prints, ...waivedPrints]);
    const waivedItems = waived.map(({ item }) => item);
    return {
        ...rest,
        knownBy,
        matched: matched.length,
        waived: waived.length,
        unmatched: unmatched?.length ?? null,
        rows: takeFirstRows(matched, ROWS.most),
        nearTexts: new Map(matched.slice(0, ROWS.most).flatMap((item, at) => {
            const texts = nearTexts?.get(item);
            return texts ? [[at, texts]] : [];
        })),
        waivedRows: takeFirstRows(waivedItems, ROWS.unmatched).map((item, at) => ({
            item,
            by: waived[at]?.by ?? 0,
        })),
        waivedIds: (0,item_identity/* makeUnique */.Ki)(waivedItems.map(digestItem)).join(''),
        unmatchedRows: takeFirstRows(unmatched ?? [], ROWS.unmatched),
        key: knownBy.length === 0 ? null : knownBy.join(', '),
        ids: ids.slice(0, matched.length).join(''),
        waivedKeyIds: ids.slice(matched.length).join(''),
        removedIds: removed?.map(({ id }) => id).join('') ?? null,
        removedRows: takeFirstRows((removed ?? []).map(({ item }) => item), ROWS.unmatched),
    };
}
const digests = new WeakMap();
function digestItem(item) {
    const key = typeof item === 'object' ? item : null;
    const digestOfItem = (key && digests.get(key)) ?? (0,item_identity/* digest */.br)(JSON.stringify(item));
    if (key)
        digests.set(key, digestOfItem);
    return digestOfItem;
}
function sortNewFirst(compared) {
    const { matched, prints, known, knownOnSchedule, fieldChanges } = compared;
    if (known === null)
        return compared;
    const order = [...known.keys()].sort((a, b) => Number(known[a]) - Number(known[b]));
    const sorted = (list) => order.map((at) => list[at]);
    const moved = (map) => new Map(order.flatMap((from, to) => (map.has(from) ? [[to, map.get(from)]] : [])));
    return {
        ...compared,
        matched: sorted(matched),
        prints: sorted(prints),
        known: sorted(known),
        knownOnSchedule: new Set(order.flatMap((from, to) => (knownOnSchedule.has(from) ? [to] : []))),
        fieldChanges: moved(fieldChanges),
    };
}
function takeFirstRows(items, most) {
    let left = ROWS.characters;
    const rows = [];
    for (const item of items.slice(0, most)) {
        left -= JSON.stringify(item).length;
        if (left < 0 && rows.length > 0)
            break;
        rows.push(left < 0 ? ((0,excerpt/* excerptOf */.z)(item) ?? null) : item);
    }
    return rows;
}

// EXTERNAL MODULE: ./src/time-limit.ts
var time_limit = __nccwpck_require__(7168);
;// CONCATENATED MODULE: ./src/runs/evaluate-run.ts





function evaluateRun(order, job, { run, meta }) {
    const { emit } = job;
    const nowMs = meta.serverNowMs;
    const evaluated = (0,time_limit/* runWithinTime */.qi)(() => evaluateGates(order, run, nowMs, job).map((one) => ({
        ...one,
        findings: one.results.map(createFinding),
    })), hasWaivers(order));
    return evaluated.map((one) => {
        const { entry, results, findings, notice, baselineUnusedReason, baselineNotes, since, used } = one;
        for (const text of [...results.flatMap(({ notices }) => notices), notice])
            if (text !== '')
                emit({ kind: 'notice', text });
        for (const text of [baselineUnusedReason, ...baselineNotes])
            if (text !== '')
                emit({ kind: 'log_note', text });
        const stored = storeFiles(order, run, one, nowMs, job);
        if (stored.leftOut > 0) {
            const text = `\`gate_file\` leaves out ${stored.leftOut} matches for size: it cannot be a baseline`;
            emit({ kind: 'notice', text });
        }
        return { entry, findings, baselineUnusedReason, baselineNotes, since, used, stored };
    });
}
function isRedByGate(order, job, { run, meta }) {
    const evaluated = (0,time_limit/* runWithinTime */.qi)(() => evaluateGates(order, run, meta.serverNowMs, job), hasWaivers(order));
    return evaluated.some(({ results }) => results.some(isRed));
}
function evaluateGates(order, run, nowMs, { baseline, failOn, context }) {
    if (run.status !== 'completed')
        return order.entries.map((entry) => ({ entry, ...NOT_EVALUATED }));
    const review = {
        ...identityOf(order, context),
        baseline,
        failOn,
        job: context,
        runId: run.runId,
        workflowId: run.workflowId,
        isByCommit: order.idempotencyKey === '' && context.keyScope === context.commit,
        today: new Date(nowMs).toISOString().slice(0, 10),
    };
    return order.entries.map((entry) => {
        const { name, gate, knownBy, waivers } = entry;
        return { entry, ...applyBaseline(gate.evaluate(run.outputs), { ...review, name, knownBy, waivers }) };
    });
}
function hasWaivers({ entries }) {
    return entries.some(({ waivers }) => waivers.length > 0);
}

;// CONCATENATED MODULE: ./src/runs/evaluation-queue.ts

const LATE_GATE_MS = 5_000;
function createEvaluations({ clock, signal }, overAt) {
    let last = Promise.resolve();
    return (mustBeInTime, work) => {
        const evaluation = last
            .then(() => clock.sleep(0, signal))
            .then(() => {
            if (mustBeInTime && clock.now() > overAt() + LATE_GATE_MS)
                throw new retry/* OutOfTime */.fg(null, null);
            return work();
        });
        last = evaluation.catch(() => undefined);
        return evaluation;
    };
}

;// CONCATENATED MODULE: ./src/alloovium/poll.ts



const POLL_TIMEOUT_MS = 15_000;
const LAST_POLL_MS = 3_000;
const MACHINE_SUSPENDED_MS = LAST_POLL_MS + 1_000;
const TIMEOUT_TOLERANCE_MS = 1_000;
const MAX_FAILED_MS = 5 * 60_000;
const MAX_FAILED_PAUSE_MS = 30_000;
const CONFIRM_FAILURE_MS = 2_000;
const MAX_CONSECUTIVE = { final: 1, denied: 2, no_run: 2, misrouted: 3, failed: Infinity };
const NO_FAILURES = { lastError: null, kind: 'failed', inARow: 0, failedMs: 0, limited: 0 };
function decideNextPoll(state, facts) {
    const { polled, isLast } = facts;
    if ('run' in polled && (0,statuses/* isTerminal */.Hd)(polled.run.status))
        return { kind: 'end' };
    const error = 'run' in polled ? null : polled.failure.error;
    if (isLast)
        return { kind: 'fail', error: new retry/* OutOfTime */.fg(error, null) };
    if (error === null)
        return { kind: 'wait', state: { ...NO_FAILURES, isSeen: true }, pause: 'pace', left: null };
    if (error.kind !== 'limited')
        return decideAfterFailure(state, error, facts);
    const limited = { ...state, lastError: error, limited: state.limited + 1 };
    return { kind: 'wait', state: limited, pause: 'rate_limit', left: { ms: facts.deadline - facts.now } };
}
function decideAfterFailure(state, error, facts) {
    const { kind, status } = classifyPollError(error);
    const inARow = state.kind === kind ? state.inARow + 1 : 1;
    const failedMs = state.failedMs + facts.tookMs;
    const isAwaited = status === 404 && facts.now < facts.missingUntil;
    const maxInARow = kind === 'no_run' && !state.isSeen ? 1 : MAX_CONSECUTIVE[kind];
    if ((!isAwaited && inARow >= maxInARow) || failedMs > MAX_FAILED_MS)
        return { kind: 'fail', error };
    const failureTimeLeftMs = isAwaited ? facts.missingUntil - facts.now : MAX_FAILED_MS - failedMs;
    const isByTime = isAwaited || maxInARow === Infinity;
    return {
        kind: 'wait',
        state: { ...state, lastError: error, kind, inARow, failedMs },
        pause: isAwaited ? 'pace' : PAUSE_AFTER[kind],
        left: isByTime
            ? { ms: Math.min(facts.deadline - facts.now, failureTimeLeftMs) }
            : { sends: maxInARow - inARow },
    };
}
const PAUSE_AFTER = {
    final: 'pace',
    denied: 'confirm',
    no_run: 'confirm',
    misrouted: 'capped_pace',
    failed: 'capped_pace',
};
function choosePause(pause, { limited }, polled, polling) {
    const { pauseMs } = polling.pacer;
    switch (pause) {
        case 'pace':
            return pauseMs;
        case 'capped_pace':
            return () => Math.min(pauseMs(), MAX_FAILED_PAUSE_MS);
        case 'confirm':
            return () => CONFIRM_FAILURE_MS;
        case 'rate_limit': {
            const ms = 'failure' in polled ? (0,retry/* rateLimitDelayMs */.zF)(polled.failure, limited, polling.random()) : 0;
            return () => ms;
        }
    }
}
function addPause({ state, pause }, pauseMs) {
    const isFailed = state.lastError !== null && pause !== 'rate_limit';
    return isFailed ? { ...state, failedMs: state.failedMs + pauseMs } : state;
}
const NO_RUN_STATUSES = [400, 404, 410, 422];
function classifyPollError(error) {
    const status = error instanceof errors/* ApiError */.hD ? error.problem.status : 0;
    const isFinal = error.kind === 'of_the_run' ||
        (error instanceof errors/* ConnectionError */.Rc && ['tls', 'no_tls'].includes(error.fault));
    const isMisrouted = (status >= 300 && status < 400) || (error instanceof errors/* ResponseShapeError */.RD && error.fault === 'other_run');
    const byStatus = NO_RUN_STATUSES.includes(status)
        ? 'no_run'
        : status === 401 || status === 403
            ? 'denied'
            : 'failed';
    return { kind: isFinal ? 'final' : isMisrouted ? 'misrouted' : byStatus, status };
}
async function* pollRun(polling) {
    const { client, clock, signal, deadline, runId, missingUntil, pacer } = polling;
    let state = { ...NO_FAILURES, isSeen: polling.isSeen };
    let { notBefore } = polling;
    let pauseMs = pacer.pauseMs;
    let previousEndedAt = clock.now();
    for (;;) {
        const { lastError } = state;
        const endTurn = await polling
            .takeTurn(notBefore, () => previousEndedAt + pauseMs())
            .catch(rethrowWith(lastError));
        const startedAt = clock.now();
        const timeoutMs = pollTimeoutMs(startedAt, deadline);
        let failure = null;
        let polled;
        let next;
        try {
            polled = await client.getRun(runId, timeoutMs, signal);
            if ('failure' in polled)
                ({ failure } = polled);
            signal.throwIfAborted();
            const now = clock.now();
            previousEndedAt = Math.min(now, startedAt + timeoutMs);
            const tookMs = Math.min(now - startedAt, timeoutMs + TIMEOUT_TOLERANCE_MS);
            const isLast = startedAt >= deadline;
            next = decideNextPoll(state, { polled, now, tookMs, deadline, missingUntil, isLast });
            yield { ...polled, left: next.kind === 'wait' ? next.left : null };
        }
        finally {
            endTurn(failure);
        }
        if (next.kind === 'end')
            return;
        if (next.kind === 'fail')
            throw next.error;
        pacer.observe(polled);
        pauseMs = choosePause(next.pause, next.state, polled, polling);
        state = addPause(next, pauseMs());
        notBefore = 'run' in polled ? polled.meta.retryAfterAt : clock.now() + (polled.failure.hintMs ?? 0);
    }
}
function rethrowWith(lastError) {
    return (error) => {
        throw error instanceof retry/* OutOfTime */.fg ? new retry/* OutOfTime */.fg(lastError, error.waitMs) : error;
    };
}
function pollTimeoutMs(startedAt, deadline) {
    const minMs = startedAt > deadline + MACHINE_SUSPENDED_MS ? LAST_POLL_MS : 1;
    return Math.max(minMs, Math.min(POLL_TIMEOUT_MS, deadline - startedAt + LAST_POLL_MS));
}

// EXTERNAL MODULE: ./src/runs/events.ts
var events = __nccwpck_require__(1197);
;// CONCATENATED MODULE: ./src/runs/poll-pace.ts

function createPace(since, isOurs = true) {
    return { since, askedAt: null, last: null, moves: isOurs ? [{ at: since, percent: 0 }] : [] };
}
const MOVES = 8;
function observeRun({ since, last: before, moves }, last) {
    const percent = last.progress ?? 0;
    const here = { at: last.at, percent };
    const passed = percent === before?.progress ? moves : [...moves, here].slice(-MOVES);
    const isBegun = before === null ? percent === 0 : last.status !== before.status || percent < (before.progress ?? 0);
    return { since, askedAt: last.at, last, moves: isBegun ? [here] : passed };
}
const PACE = {
    minMs: 2_000,
    maxShare: 1 / 180,
    maxMs: 5_000,
    maxOldMs: 20_000,
    growth: 0.05,
    youngMs: 10_000,
    pollMs: 50,
    maxStretchMs: 120_000,
    jitter: 0.1,
    queueSize: 16,
    first: 0.25,
    firstInStep: 0.65,
    launchesOfOthers: 8,
    aloneShare: 0.5,
    aloneMs: 10_000,
    alonePredicted: 2,
    behindMs: 300,
    behind: 0.05,
    piecesToEnd: 12,
    stretchToEnd: 2,
};
function delayCostMs({ bucket, isOnlyRun, launchesWaiting }) {
    const waiting = isOnlyRun
        ? countLaunchesOfOthers(bucket)
        : PACE.queueSize * countLaunchesWithoutTokens(bucket, launchesWaiting);
    return PACE.pollMs + (waiting === 0 || bucket.refill === 0 ? 0 : waiting / bucket.refill);
}
function countLaunchesOfOthers({ last }) {
    return last !== null && last.limit >= alloovium_bucket/* TOKEN_COST */.yd.launch && last.remaining < alloovium_bucket/* TOKEN_COST */.yd.launch
        ? PACE.launchesOfOthers
        : 0;
}
function countLaunchesWithoutTokens({ last }, launchesWaiting) {
    return Math.max(0, launchesWaiting - Math.floor((last?.remaining ?? 0) / alloovium_bucket/* TOKEN_COST */.yd.launch));
}
function nextPollMs(pace, contention, random) {
    const { bucket, isOnlyRun, runsFollowed } = contention;
    const times = Math.sqrt(delayCostMs(contention) / PACE.pollMs);
    const share = pace.askedAt !== null ? 1 : isOnlyRun ? PACE.first : PACE.firstInStep;
    const stretchMs = share * Math.min(PACE.maxStretchMs, PACE.maxMs * (times - 1)) * (1 + PACE.jitter * random);
    const { pauseMs, isToEnd } = pauseOf(pace, stretchMs);
    const most = isOnlyRun ? maxPauseAloneMs(pace, isToEnd) : Infinity;
    return Math.max(Math.min(pauseMs, most), minPauseMs(bucket, runsFollowed));
}
function ageMs({ since, askedAt }) {
    return (askedAt ?? since) - since;
}
function maxPauseAloneMs(pace, isToEnd) {
    return ageMs(pace) * (isToEnd ? PACE.alonePredicted : PACE.aloneShare) + PACE.aloneMs;
}
function minPauseMs(bucket, runsFollowed) {
    if (bucket.last === null || bucket.refill === 0)
        return 0;
    const payableMs = (0,alloovium_bucket/* affordableInMs */.o3)(bucket, alloovium_bucket/* TOKEN_COST */.yd.poll, bucket.last.at);
    return Math.min(PACE.maxStretchMs, Math.max(runsFollowed / bucket.refill, payableMs));
}
function pauseOf(pace, stretchMs) {
    const { last, moves } = pace;
    const maxMs = Math.min(PACE.maxOldMs, Math.max(PACE.maxMs, PACE.maxShare * ageMs(pace)));
    const plain = (ms) => ({ pauseMs: ms + stretchMs, isToEnd: false });
    if (last === null)
        return plain(PACE.minMs);
    if (last.status === 'pending')
        return plain(maxMs);
    const endsAt = predictEnd(moves);
    if (endsAt === null)
        return plain(pauseWithoutPrediction(ageMs(pace) - PACE.youngMs, maxMs));
    const remainingMs = endsAt + PACE.behindMs + PACE.behind * stretchMs - last.at;
    if (remainingMs <= 0)
        return plain(pauseWithoutPrediction(-remainingMs, maxMs));
    const pieceMs = Math.min(2 * maxMs, Math.max(maxMs, remainingMs / PACE.piecesToEnd));
    const pieces = Math.ceil(remainingMs / (pieceMs + PACE.stretchToEnd * stretchMs));
    return { pauseMs: Math.max(PACE.minMs, remainingMs / pieces), isToEnd: true };
}
function pauseWithoutPrediction(ms, maxMs) {
    return Math.min(maxMs, PACE.minMs + PACE.growth * Math.max(0, ms));
}
function predictEnd(moves) {
    const first = moves[0];
    const last = moves.at(-1);
    if (first === undefined || last === undefined || last.percent <= first.percent)
        return null;
    const endsAt = last.at + ((100 - last.percent) * (last.at - first.at)) / (last.percent - first.percent);
    return Number.isFinite(endsAt) ? endsAt : null;
}
function createPacer({ client, clock, random, turn }, launchedAt) {
    let pace = createPace(launchedAt ?? clock.now(), launchedAt !== null);
    let chance = random();
    return {
        observe: (polled) => {
            chance = random();
            if ('failure' in polled) {
                pace = { ...pace, askedAt: clock.now() };
                return;
            }
            const { run, meta } = polled;
            const createdAt = meta.at - (meta.serverNowMs - Date.parse(run.createdAt));
            if (launchedAt === null && createdAt < pace.since)
                pace = { ...pace, since: createdAt };
            pace = observeRun(pace, { at: meta.at, status: run.status, progress: run.progress });
        },
        pauseMs: () => {
            if (pace.askedAt === null && launchedAt === null)
                return 0;
            return nextPollMs(pace, { ...turn.contention(), bucket: client.bucketState() }, chance);
        },
    };
}

;// CONCATENATED MODULE: ./src/runs/follow.ts






const MISSING_MS = 30_000;
async function* pollOrder(order, job, { runId, answer, seen, pacer }) {
    const { runId: attached, workflowId } = order;
    const { clock, turn, emit } = job;
    const missingUntil = attached === '' ? answer.at + MISSING_MS : answer.at;
    const notBefore = (seen?.meta ?? answer).retryAfterAt;
    const polling = {
        ...job,
        runId,
        pacer,
        missingUntil,
        notBefore,
        isSeen: seen !== null,
        takeTurn: turn.poll,
    };
    for await (const polled of pollRun(polling)) {
        emit({ kind: 'poll_ended' });
        for (const event of (0,events/* createMetaNotices */.t)('failure' in polled ? polled.failure : polled.meta))
            emit(event);
        if ('failure' in polled) {
            const { headline } = polled.failure.error;
            emit({ kind: 'failed_poll', headline, elapsedMs: clock.now() - answer.at, left: polled.left });
            yield polled;
            continue;
        }
        const { run, meta } = polled;
        if (attached === '')
            (0,wire/* checkWorkflow */.qF)(run.workflowId, workflowId, run.runId);
        else if (workflowId !== '' && run.workflowId !== workflowId)
            throw new inputs_inputs/* InputError */.dz(['`workflow_id` is not the workflow of the run that `run_id` names.']);
        yield { run: { ...run, workflowId: run.workflowId || workflowId }, meta };
    }
}
async function followRun(order, job, found) {
    const { clock, deadline, turn, emit } = job;
    const { origin, seen, answer } = found;
    if (seen !== null && (0,statuses/* isTerminal */.Hd)(seen.run.status))
        return seen;
    const isNew = origin.kind === 'new' && seen === null;
    const pacer = createPacer(job, isNew ? answer.at : null);
    if (seen !== null)
        pacer.observe(seen);
    emit({ kind: 'following', leftMs: deadline - clock.now(), isSeen: seen !== null });
    for await (const polled of pollOrder(order, job, { ...found, pacer })) {
        if ('failure' in polled)
            continue;
        const { run } = polled;
        emit({ kind: 'run_seen', run, elapsedMs: clock.now() - answer.at });
        if (!(0,statuses/* isTerminal */.Hd)(run.status))
            continue;
        turn.moveTo('to_evaluate');
        return polled;
    }
    throw new Error('the polls are over, and the run has not ended');
}

// EXTERNAL MODULE: ./src/runs/unknown-workflow.ts
var unknown_workflow = __nccwpck_require__(3832);
;// CONCATENATED MODULE: ./src/runs/launch.ts












const FAILED_POLL_MS = 5_000;
async function launchOrJoin(order, job) {
    if (order.runId !== '')
        return attachRun(order.runId, job);
    const { attempt, jobRunId, keyScope, commit, repository } = job.context;
    const { workflowId, projectId, inputs, idempotencyKey } = order;
    const sharedBy = idempotencyKey !== '' ? 'key' : keyScope === commit ? 'commit' : 'job run';
    const isResumed = attempt > 1 && job.onRerun === 'resume';
    job.emit({ kind: 'launching', sharedBy, isResumed });
    const first = (0,intent/* createIntentKey */.WD)({
        keyScope: idempotencyKey || keyScope,
        repository,
        workflowId,
        projectId,
        inputs,
    });
    if (isResumed)
        return resumeRun(order, job, (0,intent/* createResumeKeys */.Gp)(first), sharedBy);
    return launchWithKey(order, job, attempt > 1 ? (0,intent/* createFreshKey */.m9)(first, jobRunId, attempt) : first);
}
function attachRun(runId, { clock, ignored, emit }) {
    const origin = { kind: 'attached' };
    emit({ kind: 'run', runId, origin, status: '' });
    if (ignored.length > 0) {
        const names = ignored.map((name) => `\`${name}\``).join(', ');
        const text = `${names} ${ignored.length === 1 ? 'is' : 'are'} ignored with \`run_id\``;
        emit({ kind: 'notice', text });
    }
    return { runId, origin, answer: { at: clock.now(), retryAfterAt: clock.now() }, seen: null };
}
async function launchWithKey(order, job, key) {
    const { wait, signal, clock } = job;
    const launched = await sendLaunch(order, job, key);
    const { meta } = launched;
    const found = useRun(job.emit, launched);
    if (!meta.replayed)
        return found;
    if (!wait && meta.retryAfterAt > meta.at)
        return joinRun(job, launched, null);
    const deadline = wait ? job.deadline : Math.min(job.deadline, clock.now());
    const seen = await pollUntilAnswered(order, { ...job, deadline }, launched).catch((error) => {
        const isWrong = error instanceof errors/* ResponseShapeError */.RD && error.fault === 'wrong_run';
        if (wait || signal.aborted || isWrong)
            throw error;
        return null;
    });
    return joinRun(job, launched, seen);
}
async function resumeRun(order, job, keys, sharedBy) {
    const { emit } = job;
    const red = [];
    let found = null;
    for (const key of keys) {
        const launched = await sendLaunch(order, job, key);
        const { runId, meta } = launched;
        if (!meta.replayed) {
            found = useRun(emit, launched);
            break;
        }
        emit({ kind: 'earlier_run', line: (0,text_escape/* logLine */.BP) `${runId} was launched earlier; checking how it ended` });
        const seen = await pollUntilAnswered(order, job, launched).catch((error) => {
            if (launched.lostAnswerAt !== null)
                useRun(emit, launched);
            throw error;
        });
        if (seen !== null && !(await isRedBefore(order, job, seen))) {
            useRun(emit, launched);
            found = joinRun(job, launched, seen);
            break;
        }
        const what = seen === null ? 'was not found or cannot be evaluated' : 'ended red';
        emit({ kind: 'earlier_run', line: (0,text_escape/* logLine */.BP) `${runId} ${what}: this job does not join it` });
        if (seen === null)
            continue;
        if (seen.run.status === 'completed') {
            const ms = seen.meta.serverNowMs - Date.parse(seen.run.completedAt || seen.run.createdAt);
            red.push(`${Number.isNaN(ms) ? '' : `${(0,format/* formatDuration */.a3)(ms)} ago `}(${runId})`);
        }
        await waitUntil(job, seen.meta.retryAfterAt, null);
    }
    const last = `${red.length > 1 ? ', the last' : ''} ${red.at(-1) ?? ''}`;
    const redNotice = found === null || red.length === 0 ? '' : `${(0,format/* describeEarlierRed */.nM)(red.length, sharedBy)}${last}`;
    emit({ kind: 'resumed', redCount: red.length, redNotice });
    if (found === null)
        throw new step_error/* StepError */.z(`all ${intent/* MAX_RERUN_KEYS */.Ld} runs that re-runs of this job may launch for one ${sharedBy} ended red or cannot be evaluated`, `${NEW_START[sharedBy]} starts a separate run.`);
    return found;
}
async function isRedBefore(order, job, seen) {
    const { run } = seen;
    if (!isOlder(job, seen) || !(0,statuses/* isTerminal */.Hd)(run.status))
        return false;
    const baseline = await job.baseline;
    return run.status !== 'completed' || isRedByGate(order, { ...job, baseline }, seen);
}
function useRun(emit, { runId, status, meta }) {
    const origin = meta.replayed ? { kind: 'joined', ageMs: null } : { kind: 'new' };
    emit({ kind: 'run', runId, origin, status });
    return { runId, origin, answer: meta, seen: null };
}
function isOlder({ attemptBeganAt }, { run, meta: { at, serverNowMs } }, than = attemptBeganAt) {
    return !(0,intent/* isOfThisAttempt */.lo)(run.createdAt, serverNowMs - (at - than));
}
function joinRun(job, launched, seen) {
    const { runId, lostAnswerAt, meta } = launched;
    const ms = seen === null ? NaN : seen.meta.serverNowMs - Date.parse(seen.run.createdAt);
    const ageMs = Number.isNaN(ms) ? null : Math.max(0, ms);
    const isLaunchedHere = seen !== null && lostAnswerAt !== null && !isOlder(job, seen, lostAnswerAt);
    const isOlderRun = seen === null || isOlder(job, seen);
    job.emit({ kind: 'joined', isLaunchedHere, ageMs, isOlder: isOlderRun, run: seen?.run ?? null });
    return {
        runId,
        origin: isLaunchedHere ? { kind: 'new' } : { kind: 'joined', ageMs },
        answer: meta,
        seen,
    };
}
async function waitUntil({ clock, deadline, signal }, until, last) {
    const ms = until - clock.now();
    if (ms <= 0)
        return;
    if (until > deadline)
        throw new retry/* OutOfTime */.fg(last, ms);
    await clock.sleep(ms, signal);
}
async function pollUntilAnswered(order, job, launched) {
    const { runId, meta } = launched;
    let hintMs = 0;
    let pauseMs = 0;
    const pacer = { observe: () => (pauseMs = FAILED_POLL_MS), pauseMs: () => pauseMs };
    try {
        for await (const polled of pollOrder(order, job, { runId, answer: meta, seen: null, pacer })) {
            if ('run' in polled)
                return polled;
            hintMs = polled.failure.hintMs ?? 0;
        }
    }
    catch (error) {
        if (!(error instanceof errors/* RequestError */.GI))
            throw error;
        const isGone = error instanceof errors/* ApiError */.hD && [404, 410].includes(error.problem.status);
        if (launched.lostAnswerAt !== null || (!isGone && error.kind !== 'of_the_run'))
            throw error;
        await waitUntil(job, job.clock.now() + hintMs, error);
    }
    return null;
}
const ANOTHER_RUN = 'an earlier attempt of this launch may have started another run, which this step does not use: if it is in the dashboard, cancel it there';
async function sendLaunch(order, job, key) {
    const { client, clock, deadline, turn, emit } = job;
    if (clock.now() >= deadline)
        throw new retry/* OutOfTime */.fg(null, null);
    emit({ kind: 'key', key });
    const context = {
        ...job,
        takeTurn: turn.launch,
        onFailure: (failure, next) => {
            for (const event of (0,events/* createMetaNotices */.t)(failure))
                emit(event);
            if (next !== null)
                emit({ kind: 'pause', failure, delayMs: next.delayMs, left: next.left });
        },
    };
    try {
        const request = { workflowId: order.workflowId, idempotencyKey: key, body: (0,intent/* createLaunchBody */.gO)(order) };
        const launched = await client.startRun(request, context);
        for (const event of (0,events/* createMetaNotices */.t)(launched.meta))
            emit(event);
        if (launched.mayHaveOther)
            emit({ kind: 'notice', text: ANOTHER_RUN });
        return launched;
    }
    catch (error) {
        if (!(error instanceof errors/* ApiError */.hD) || error.problem.status !== 404)
            throw error;
        throw await (0,unknown_workflow/* createUnknownWorkflowError */.ul)(error, order, { ...context, takeTurn: turn.poll });
    }
}

;// CONCATENATED MODULE: ./src/runs/outcome.ts

function outcomesOf({ evaluated, ...known }, ending) {
    return known.order.entries.map((entry, at) => ({
        ...known,
        ...(evaluated[at] ?? { ...NOT_EVALUATED, entry, findings: [], stored: null }),
        ending,
    }));
}

;// CONCATENATED MODULE: ./src/runs/queue-state.ts




function createQueueState(countOrders, deadline) {
    return {
        orders: Array.from({ length: countOrders }, () => 'to_pay'),
        inFlight: { launch: 0, poll: 0 },
        blockedUntil: { launch: -Infinity, poll: -Infinity },
        isHinted: false,
        lastPollAt: -Infinity,
        deadline,
        overAt: Infinity,
        closed: null,
    };
}
function applyQueueEvent(state, event) {
    switch (event.kind) {
        case 'time': {
            const { deadline } = state;
            const { now, waiting } = event;
            const overAt = now > deadline + MACHINE_SUSPENDED_MS ? now : deadline;
            const dueLaunches = [...waiting].filter(({ kind, notBefore }) => kind === 'launch' && notBefore <= now);
            return {
                ...state,
                overAt: now < deadline ? Infinity : Math.min(state.overAt, overAt),
                orders: state.orders.map((one, nth) => dueLaunches.some(({ order }) => order === nth) ? 'to_pay' : one),
            };
        }
        case 'sent': {
            const { kind, order } = event.request;
            const inFlight = { ...state.inFlight, [kind]: state.inFlight[kind] + 1 };
            return kind === 'poll'
                ? { ...state, inFlight, lastPollAt: event.now }
                : { ...state, inFlight, orders: state.orders.with(order, 'launching') };
        }
        case 'answered': {
            const { request, failure, now } = event;
            const inFlight = { ...state.inFlight, [request.kind]: state.inFlight[request.kind] - 1 };
            const answered = {
                ...state,
                inFlight,
                blockedUntil: blockAfterFailure(state.blockedUntil, request.kind, failure, now),
            };
            return request.kind === 'poll' ? answered : applyLaunchAnswer(answered, request.order, failure);
        }
        case 'moved':
            return { ...state, orders: state.orders.with(event.order, event.to) };
    }
}
function applyLaunchAnswer(state, order, failure) {
    const isLimited = failure?.error.kind === 'limited';
    const isForAll = failure !== null && isForAllLaunches(failure.error);
    return {
        ...state,
        orders: state.orders.with(order, isLimited ? 'to_pay' : 'blocked'),
        isHinted: state.orders.length === 1 && isLimited && failure.hintMs !== null,
        closed: state.closed ?? (isForAll ? failure.error : null),
    };
}
function isForAllLaunches(error) {
    if (!(error instanceof errors/* ApiError */.hD))
        return error instanceof errors/* BucketTooSmallError */.SE;
    const { status, code } = error.problem;
    return status === 401 || status === 402 || code === 'insufficient_scope';
}
function blockAfterFailure(blockedUntil, kind, failure, now) {
    if (failure?.hintMs == null)
        return blockedUntil;
    const { error, hintMs } = failure;
    const isForAll = error instanceof errors/* ApiError */.hD && error.problem.status === 503;
    if (!isForAll && error.kind !== 'limited')
        return blockedUntil;
    const until = now + hintMs;
    return {
        launch: Math.max(blockedUntil.launch, until),
        poll: isForAll || kind === 'poll' ? Math.max(blockedUntil.poll, until) : blockedUntil.poll,
    };
}
const MIN_POLL_MS = 50;
function whyNeverSent({ kind, notBefore }, state, { bucket, now }) {
    const { closed, blockedUntil, deadline, overAt } = state;
    const isLaunch = kind === 'launch';
    if (isLaunch && closed !== null)
        return closed;
    const blockedMs = Math.max(blockedUntil[kind], notBefore) - now;
    const isLate = now >= deadline;
    if (blockedMs > 0 && (isLate || (isLaunch && now + blockedMs > deadline)))
        return new retry/* OutOfTime */.fg(null, blockedMs);
    if (isLate && isLaunch)
        return new retry/* OutOfTime */.fg(null, null, (0,alloovium_bucket/* affordableInMs */.o3)(bucket, alloovium_bucket/* TOKEN_COST */.yd.launch, now) > 0);
    return now >= overAt + LAST_POLL_MS - MIN_POLL_MS ? new retry/* OutOfTime */.fg(null, null) : null;
}
function chooseRequest(waiting, state, facts) {
    const rank = ({ kind, order, dueAt }) => (kind === 'launch' ? order : dueAt());
    const inTurn = [...waiting]
        .filter((request) => isNextInOrder(request, state))
        .sort((a, b) => (a.kind === b.kind ? rank(a) - rank(b) : a.kind === 'launch' ? -1 : 1));
    let nextAt = Infinity;
    for (const request of inTurn) {
        const at = findSendTime(request, state, facts);
        if (at <= facts.now)
            return request;
        nextAt = Math.min(nextAt, at);
    }
    return nextAt - facts.now;
}
function isNextInOrder({ kind, order }, { orders }) {
    return kind === 'poll' ? !orders.includes('to_evaluate') : !orders.slice(0, order).includes('to_pay');
}
const MAX_LAST_POLLS_IN_FLIGHT = 2;
function findSendTime({ kind, notBefore, dueAt }, state, { bucket, now }) {
    const { inFlight, blockedUntil, isHinted, lastPollAt, deadline } = state;
    const blockedAt = Math.max(blockedUntil[kind], notBefore);
    if (kind === 'poll' && now >= deadline)
        return inFlight.poll < MAX_LAST_POLLS_IN_FLIGHT ? blockedAt : Infinity;
    if (inFlight[kind] > 0)
        return kind === 'poll' ? deadline : Infinity;
    const other = kind === 'poll' ? 'launch' : 'poll';
    const payableAt = now + (0,alloovium_bucket/* affordableInMs */.o3)(bucket, alloovium_bucket/* TOKEN_COST */.yd[kind] + (inFlight[other] > 0 ? alloovium_bucket/* TOKEN_COST */.yd[other] : 0), now);
    if (kind === 'launch')
        return isHinted ? blockedAt : Math.max(blockedAt, payableAt);
    const affordableAt = bucket.refill > 0 ? lastPollAt + 1 / bucket.refill : 0;
    return Math.min(deadline, Math.max(blockedAt, dueAt(), payableAt, affordableAt));
}
function wakeInMs({ deadline, overAt }, now) {
    return (now < deadline ? deadline : overAt + LAST_POLL_MS) - now;
}
function contentionOf({ orders }) {
    return {
        isOnlyRun: orders.length === 1,
        launchesWaiting: countInState(orders, 'to_pay'),
        runsFollowed: Math.max(1, countInState(orders, 'followed') + countInState(orders, 'to_evaluate')),
    };
}
function missingMs({ orders, closed, deadline }, { last, refill }) {
    if (last === null || refill === 0 || closed !== null)
        return 0;
    const tokens = alloovium_bucket/* TOKEN_COST */.yd.launch * countInState(orders, 'to_pay') - last.remaining;
    return Math.max(0, tokens / refill - (deadline - last.at));
}
function nextLaunchInMs({ blockedUntil }, { bucket, now }) {
    const ms = Math.max(blockedUntil.launch - now, (0,alloovium_bucket/* affordableInMs */.o3)(bucket, alloovium_bucket/* TOKEN_COST */.yd.launch, now));
    return ms > 0 ? ms : null;
}
function countInState(orders, state) {
    return orders.filter((one) => one === state).length;
}

;// CONCATENATED MODULE: ./src/runs/queue.ts

function createQueue({ bucketState }, { clock, signal, deadline }, count, onShort) {
    let state = createQueueState(count, deadline);
    const pending = new Set();
    let timer = new AbortController();
    let isShortReported = false;
    const learn = (event) => (state = applyQueueEvent(state, event));
    function schedule() {
        timer.abort('woken');
        while (pending.size > 0) {
            const known = { bucket: bucketState(), now: clock.now() };
            learn({ kind: 'time', now: known.now, waiting: pending });
            for (const request of pending) {
                const error = signal.aborted ? signal.reason : whyNeverSent(request, state, known);
                if (error !== null && pending.delete(request))
                    request.reject(error);
            }
            const next = chooseRequest(pending, state, known);
            if (typeof next === 'number') {
                if (pending.size > 0)
                    timer = wakeAfter(clock, Math.min(next, wakeInMs(state, known.now)), schedule);
                return;
            }
            pending.delete(next);
            learn({ kind: 'sent', request: next, now: known.now });
            next.grantTurn();
        }
    }
    function takeTurn(kind, order) {
        return (notBefore = -Infinity, dueAt = () => -Infinity) => new Promise((resolve, reject) => {
            const grantTurn = () => resolve((failure) => endTurn({ kind, order }, failure));
            pending.add({ kind, order, notBefore, dueAt, grantTurn, reject });
            schedule();
        });
    }
    function endTurn(request, failure) {
        learn({ kind: 'answered', request, failure, now: clock.now() });
        const ms = isShortReported ? 0 : missingMs(state, bucketState());
        isShortReported ||= ms > 0;
        if (ms > 0)
            onShort(ms);
        schedule();
    }
    signal.addEventListener('abort', schedule, { once: true });
    return {
        turnOf: (nth) => ({
            launch: takeTurn('launch', nth),
            poll: takeTurn('poll', nth),
            moveTo: (to) => {
                learn({ kind: 'moved', order: nth, to });
                schedule();
            },
            contention: () => contentionOf(state),
        }),
        nextLaunchMs: () => nextLaunchInMs(state, { bucket: bucketState(), now: clock.now() }),
        overAt: () => learn({ kind: 'time', now: clock.now(), waiting: [] }).overAt,
    };
}
function wakeAfter(clock, ms, wake) {
    const timer = new AbortController();
    clock.sleep(Math.max(1, Math.ceil(ms)), timer.signal).then(wake, () => undefined);
    return timer;
}

;// CONCATENATED MODULE: ./src/runs/record.ts



function createEmptyRecord(order) {
    return {
        order,
        idempotencyKey: '',
        replayed: false,
        runId: '',
        origin: null,
        joinedOlder: false,
        redRunsBefore: 0,
        redNotice: '',
        sharedBy: 'commit',
        run: null,
        outputsLeftOut: 0,
        status: '',
        workflowId: order.workflowId,
        stages: [],
        polls: 0,
        notices: [],
        evaluated: [],
    };
}
function createRecord(order, listener) {
    let latest = createEmptyRecord(order);
    return {
        latest: () => latest,
        emit: (event) => {
            const before = latest;
            latest = applyRunEvent(before, event);
            if (event.kind !== 'notice' || !before.notices.includes(event.text))
                listener(event);
        },
    };
}
function applyRunEvent(latest, event) {
    switch (event.kind) {
        case 'launching': {
            const { sharedBy, isResumed } = event;
            return { ...latest, sharedBy, redRunsBefore: isResumed ? null : 0 };
        }
        case 'key':
            return { ...latest, idempotencyKey: event.key };
        case 'resumed':
            return { ...latest, redRunsBefore: event.redCount, redNotice: event.redNotice };
        case 'run': {
            const { runId, origin, status } = event;
            return { ...latest, runId, origin, status, replayed: origin.kind === 'joined' };
        }
        case 'joined': {
            const { isLaunchedHere, ageMs, isOlder, run } = event;
            const origin = isLaunchedHere ? { kind: 'new' } : { kind: 'joined', ageMs };
            return { ...updateRun(latest, run), origin, joinedOlder: isOlder };
        }
        case 'poll_ended':
            return { ...latest, polls: latest.polls + 1 };
        case 'run_seen':
            return {
                ...updateRun(latest, event.run),
                stages: updateStages(latest.stages, event.run, event.elapsedMs),
            };
        case 'evaluated':
            return { ...latest, evaluated: event.results };
        case 'notice':
            return latest.notices.includes(event.text)
                ? latest
                : { ...latest, notices: [...latest.notices, event.text] };
        case 'pause':
        case 'earlier_run':
        case 'launch_over':
        case 'following':
        case 'failed_poll':
        case 'log_note':
        case 'over':
            return latest;
    }
}
function updateRun(latest, run) {
    if (run === null)
        return latest;
    const { outputs, stage, errorMessage, status, workflowId } = run;
    const isAlone = latest.order.entries.some(({ name }) => name === '');
    if (isAlone)
        return { ...latest, status, workflowId, run };
    const kept = outputs && (0,excerpt/* excerptOf */.z)(outputs);
    return {
        ...latest,
        status,
        workflowId,
        outputsLeftOut: record_countOutputs(outputs) - record_countOutputs(kept),
        run: {
            ...run,
            outputs: kept,
            stage: stage && (0,excerpt/* copyStart */.G)(stage, MAX_MESSAGE),
            errorMessage: errorMessage && (0,excerpt/* copyStart */.G)(errorMessage, MAX_MESSAGE),
        },
    };
}
const MAX_MESSAGE = 10_000;
function record_countOutputs(outputs) {
    return (0,src_json/* isJsonObject */.OW)(outputs) ? Object.keys(outputs).length : Number(outputs !== undefined);
}
const MAX_STAGES = 200;
function updateStages(stages, run, sinceLaunchMs) {
    const name = run.status === 'pending' ? statuses/* STATUSES */.f.pending.word : (run.stage ?? '');
    const last = stages.at(-1);
    const isOver = run.completedAt !== '' || (0,statuses/* isTerminal */.Hd)(run.status);
    const before = last === undefined ? [] : [...stages.slice(0, -1), { ...last, toMs: sinceLaunchMs }];
    if (isOver || name === '' || name === last?.name || stages.length >= MAX_STAGES)
        return before;
    const fromMs = last === undefined ? 0 : sinceLaunchMs;
    return [...before, { name: (0,excerpt/* copyStart */.G)(name, 200), fromMs, toMs: sinceLaunchMs }];
}

;// CONCATENATED MODULE: ./src/runs/run.ts











const NO_OUTPUTS = 'the run completed without outputs';
const UNNAMED_OUTPUTS = 'the run completed, but its outputs are not a JSON object';
async function runOrders(orders, job, createListener, onShort) {
    const all = new AbortController();
    const signal = AbortSignal.any([job.signal, all.signal]);
    const queue = createQueue(job.client, { ...job, signal }, orders.length, onShort);
    const evaluateInTurn = createEvaluations({ ...job, signal }, queue.overAt);
    const listener = createListener(queue.nextLaunchMs);
    const outcomes = orders.map(async (order, nth) => {
        const { emit, latest } = createRecord(order, listener.listen(order));
        const turn = queue.turnOf(nth);
        const ending = await runOrder(order, { ...job, signal, turn, emit }, { latest, evaluateInTurn, all });
        globalThis.gc?.();
        turn.moveTo('over');
        emit({ kind: 'over', ending });
        return outcomesOf(latest(), ending);
    });
    return (await Promise.all(outcomes).finally(listener.end)).flat();
}
async function runOrder(order, job, { latest, evaluateInTurn, all }) {
    const { clock, signal, turn, wait, emit } = job;
    try {
        const found = await launchOrJoin(order, job).finally(() => {
            turn.moveTo('followed');
            emit({ kind: 'launch_over' });
        });
        signal.throwIfAborted();
        if (!wait)
            return { kind: 'launched', errorMessage: '' };
        const seen = await followRun(order, job, found);
        const { status, outputs } = seen.run;
        if (!(0,statuses/* isTerminal */.Hd)(status))
            throw new Error('a run is followed to its end');
        const baseline = await job.baseline;
        const hasConditions = status === 'completed' && order.entries.some(({ gate }) => gate.conditions.length > 0);
        const results = await evaluateInTurn(hasConditions, () => evaluateRun(order, { ...job, baseline }, seen));
        emit({ kind: 'evaluated', results });
        await clock.sleep(0, signal);
        if (status === 'completed' && !(0,src_json/* isJsonObject */.OW)(outputs)) {
            emit({
                kind: 'notice',
                text: outputs === undefined || outputs === null ? NO_OUTPUTS : UNNAMED_OUTPUTS,
            });
        }
        return { kind: 'ended', status, errorMessage: latest().run?.errorMessage ?? '' };
    }
    catch (error) {
        const { runId, idempotencyKey } = latest();
        if (runId !== '' && error instanceof errors/* ApiError */.hD && error.problem.status === 401)
            all.abort(error);
        const ending = (0,runs_ending/* endingOf */.z6)(error, latest(), job);
        if ('left' in ending && ending.left === 'unknown')
            emit({ kind: 'log_note', text: `a run may have started (key ${idempotencyKey})` });
        return ending;
    }
}

;// CONCATENATED MODULE: ./src/main.ts






















async function run(parts) {
    const { host, clock, signal } = parts;
    const startedAt = clock.now();
    const secrets = (0,inputs_secrets/* readSecrets */.ql)(host.environment);
    for (const secret of secrets)
        host.mask(secret);
    const own = { ...parts, redact: (0,redact/* createRedactor */.lY)(secrets) };
    const step = await readStep(own);
    const { baselineFile, ...known } = step;
    const { inputs, context } = known;
    const gateFileName = inputs === null || context === null ? '' : nameGateFileAndArtifact(inputs, context);
    const { outcomes, tokens } = await runStep(own, step, gateFileName, startedAt);
    if (signal.reason instanceof runs_ending/* Interrupted */.j$)
        host.line((0,text_escape/* logLine */.BP) `The runner stopped this step (${signal.reason.signalName}).`);
    const hasBaseline = baselineFile !== null && typeof baselineFile === 'object';
    return publish(own, { ...known, gateFileName, hasBaseline, outcomes, tokens }, startedAt);
}
async function publish(parts, input, startedAt) {
    const { host, clock, signal } = parts;
    const wasAborted = signal.aborted;
    const evaluated = createReport(input);
    logResult(host, evaluated);
    const written = writeStepOutputs(parts, evaluated);
    const { url, report: commented } = await writeComment(parts, written);
    const report = wasAborted ? commented : addCrash(parts, commented);
    const reportFile = writeReportFile(host, report);
    writeLastOutputs(host, report, { report_file: reportFile, comment_url: url });
    await writeSummary(host, report, reportFile);
    await finishStatus(parts, report);
    logEnding(host, report, clock.now() - startedAt);
    return report.verdict.exitCode;
}
function addCrash(parts, report) {
    const { signal, redact } = parts;
    const isCrash = signal.aborted && !(signal.reason instanceof runs_ending/* Interrupted */.j$);
    if (!isCrash || report.verdict.exitCode !== 0)
        return report;
    return writeStepOutputs(parts, addFailure(report, (0,runs_ending/* failureOf */.g5)(signal.reason, redact)));
}
async function readStep(parts) {
    const step = await readInputsAndEvent(parts);
    const { inputs, context, failure } = step;
    if (inputs === null || context === null || failure !== null)
        return step;
    return askGithub(parts, step, inputs, context);
}
async function readInputsAndEvent(parts) {
    const { host, readEvent, redact } = parts;
    let known = {
        isGated: (0,inputs_inputs/* asksForGate */.VY)(host.environment),
        context: null,
        inputs: null,
        orders: [],
        baselineFile: null,
        failure: null,
        tokens: 0,
    };
    try {
        host.checkOutputs();
        const event = await readEvent();
        const context = readContext(host.environment, event.payload, event.fault);
        if (event.fault !== '')
            host.line(formatNote(`The event's file ${event.fault}: there is no comment, and no full baseline.`));
        known = { ...known, context };
        const inputs = await (0,inputs_inputs/* readInputs */.Ko)(host.environment);
        host.titleAnnotations(inputs.authorTitle);
        known = {
            ...known,
            inputs,
            orders: (0,runs_input/* groupOrders */.PH)(inputs.runs ?? [{ ...inputs, name: '' }]),
            baselineFile: readBaselineFile(host, inputs),
        };
        if (isSkipped(inputs, context))
            return { ...known, failure: main_SKIPPED };
        if (inputs.apiKey === '') {
            throw new step_error/* StepError */.z('`api_key` is empty, and so is ALLOOVIUM_API_KEY', context.secretsWithheld
                ? 'GitHub gives this job no secrets, since it runs for a fork or for Dependabot; with `on_missing_key: skip` such jobs pass without a review.'
                : 'Check the step or the secret that it comes from.');
        }
        findProxy(inputs.apiUrl, host.environment);
        if (event.fault !== '' && context.event === 'issue_comment')
            checkCommentEvent(inputs, event.fault);
        return known;
    }
    catch (error) {
        const inputs = error instanceof inputs_inputs/* InputError */.dz ? error.usable : known.inputs;
        host.titleAnnotations(inputs?.authorTitle ?? '');
        const isUnset = error instanceof inputs_inputs/* InputError */.dz && error.message === inputs_inputs/* NO_WORKFLOW */.gk;
        if (isUnset && isSkipped(inputs, known.context))
            return { ...known, inputs, failure: main_SKIPPED };
        const canLogWorkflows = isUnset && known.context?.isPrivate === true;
        const tokens = canLogWorkflows && inputs !== null ? await logWorkflows(parts, inputs) : 0;
        const reported = await resolveForReport(parts, inputs, known.context);
        return { ...known, ...reported, tokens, failure: (0,runs_ending/* stepEndingOf */.vd)(error, redact) };
    }
}
async function resolveForReport(parts, inputs, context) {
    if (inputs === null || context === null)
        return { inputs, context };
    const isGiven = (parts.host.environment.INPUT_PULL_REQUEST ?? '').trim() !== '';
    if (isGiven && inputs.pullRequest === null)
        return removePullRequest(inputs, context);
    try {
        return { inputs, context: await resolveContext(parts, inputs, context) };
    }
    catch {
        return removePullRequest(inputs, context);
    }
}
async function askGithub(parts, step, inputs, context) {
    try {
        const resolved = await resolveContext(parts, inputs, context);
        return await writePendingStatus(parts, { ...step, context: resolved }, inputs, resolved);
    }
    catch (error) {
        const failure = (0,runs_ending/* stepEndingOf */.vd)(error, parts.redact);
        if (error instanceof NoAnswerError)
            return { ...step, ...(await resolveForReport(parts, inputs, context)), failure };
        return { ...step, ...removePullRequest(inputs, context), failure };
    }
}
async function writePendingStatus(parts, step, inputs, context) {
    if (inputs.commitStatus === '')
        return step;
    try {
        await startStatus(parts, inputs, context);
        return step;
    }
    catch (error) {
        const isNotWritten = error instanceof CommitStatusError;
        const failure = (0,runs_ending/* stepEndingOf */.vd)(error, parts.redact);
        return { ...step, inputs: isNotWritten ? removeStatus(inputs) : inputs, failure };
    }
}
function removePullRequest(inputs, context) {
    const pullRequest = { kind: 'none', reason: NOT_CHECKED };
    return { inputs: removeStatus(inputs), context: { ...context, pullRequest } };
}
function removeStatus(inputs) {
    return { ...inputs, commitStatus: '' };
}
function checkCommentEvent({ pullRequest, comment, commitStatus }, fault) {
    if (pullRequest !== null || (comment === 'never' && commitStatus === ''))
        return;
    throw new step_error/* StepError */.z(`The event's file ${fault}: the action needs it for the pull request of issue_comment`, (0,github_event/* remedyOfEvent */.EF)(fault));
}
const main_SKIPPED = { kind: 'skipped', errorMessage: '' };
function isSkipped(inputs, context) {
    return inputs?.apiKey === '' && inputs.onMissingKey === 'skip' && context?.secretsWithheld === true;
}
async function logWorkflows(parts, { apiUrl, apiKey }) {
    const { host, signal } = parts;
    if (apiKey === '')
        return 0;
    const client = createClient({ ...parts, apiUrl, apiKey });
    try {
        findProxy(apiUrl, host.environment);
        for (const line of await (0,unknown_workflow/* listWorkflowLines */.lt)(client, signal))
            host.line(line);
    }
    catch {
    }
    return client.tokensSpent();
}
async function runStep(parts, step, gateFileName, startedAt) {
    const { context, inputs, orders, baselineFile, failure, tokens } = step;
    if (failure !== null || context === null || inputs === null)
        return { outcomes: [], tokens };
    const { host, clock } = parts;
    const { apiUrl, apiKey, onRerun, wait, ignored, failOn } = inputs;
    const client = createClient({ ...parts, apiUrl, apiKey });
    const baseline = inputs.baseline === ''
        ? Promise.resolve(baselineFile)
        : downloadBaseline(parts, inputs, context, gateFileName);
    baseline.catch(() => undefined);
    const entries = orders.flatMap((order) => order.entries).length;
    const job = {
        ...parts,
        client,
        context: setBaselineBranch(context, inputs.baseline),
        onRerun,
        wait,
        ignored,
        failOn,
        baseline,
        gateFileName,
        budget: { bytes: BUDGET.bytes / entries, values: BUDGET.values / entries },
        deadline: startedAt + inputs.timeoutMs,
        attemptBeganAt: startedAt - parts.jobAgeMs(),
    };
    const listenedTo = { inputs, context, orders, tokensSpent: client.tokensSpent };
    const createOrdersListener = (nextLaunchMs) => createListener(host, clock, { ...listenedTo, nextLaunchMs });
    const outcomes = await runOrders(orders, job, createOrdersListener, (missingMs) => {
        const minutes = Math.ceil((inputs.timeoutMs + missingMs) / 60_000) + 1;
        host.warning(`The API key has too few tokens to launch all runs in time: set \`timeout_minutes\` to ${minutes} or more.`);
    });
    const names = (inputs.runs ?? []).map(({ name }) => name);
    const inOrder = [...outcomes].sort((a, b) => names.indexOf(a.entry.name) - names.indexOf(b.entry.name));
    return { outcomes: inOrder, tokens: client.tokensSpent() };
}


/***/ }),

/***/ 2999:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   g5: () => (/* binding */ failureOf),
/* harmony export */   j$: () => (/* binding */ Interrupted),
/* harmony export */   vd: () => (/* binding */ stepEndingOf),
/* harmony export */   z6: () => (/* binding */ endingOf)
/* harmony export */ });
/* harmony import */ var node_util__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(7975);
/* harmony import */ var node_util__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__nccwpck_require__.n(node_util__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var _alloovium_errors_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(459);
/* harmony import */ var _alloovium_retry_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(3492);
/* harmony import */ var _alloovium_statuses_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(5370);
/* harmony import */ var _alloovium_wire_js__WEBPACK_IMPORTED_MODULE_4__ = __nccwpck_require__(7301);
/* harmony import */ var _inputs_inputs_js__WEBPACK_IMPORTED_MODULE_5__ = __nccwpck_require__(326);
/* harmony import */ var _unknown_workflow_js__WEBPACK_IMPORTED_MODULE_6__ = __nccwpck_require__(3832);
/* harmony import */ var _step_error_js__WEBPACK_IMPORTED_MODULE_7__ = __nccwpck_require__(5406);
/* harmony import */ var _text_format_js__WEBPACK_IMPORTED_MODULE_9__ = __nccwpck_require__(8488);
/* harmony import */ var _time_limit_js__WEBPACK_IMPORTED_MODULE_8__ = __nccwpck_require__(7168);










class Interrupted extends Error {
    name = 'Interrupted';
    signalName;
    constructor(signalName) {
        super(`the runner stopped this step (${signalName})`);
        this.signalName = signalName;
    }
}
function endingOf(error, { status, idempotencyKey, runId, origin, order }, { client, redact }) {
    const left = runId !== '' ? 'run' : client.isLaunchOpen(idempotencyKey) ? 'unknown' : 'nothing';
    if (error instanceof Interrupted)
        return { kind: 'interrupted', signal: error.signalName, left, errorMessage: '' };
    if (error instanceof _alloovium_retry_js__WEBPACK_IMPORTED_MODULE_2__/* .OutOfTime */ .fg) {
        const { last, waitMs: askedMs, isQueueing } = error;
        const isLocked = last?.kind === 'locked';
        const hasNoFailure = last === null || askedMs !== null || isQueueing || isLocked;
        const locked = isLocked ? 'an earlier launch under the same idempotency key is still being handled' : '';
        const word = _alloovium_wire_js__WEBPACK_IMPORTED_MODULE_4__/* .WORD */ .f7.test(status) && !(0,_alloovium_statuses_js__WEBPACK_IMPORTED_MODULE_3__/* .isKnownStatus */ .ih)(status) ? `The run's last status was “${status}”` : '';
        return {
            kind: 'timed_out',
            askedMs,
            left,
            waitedFor: isQueueing ? 'waiting for tokens of the API key' : locked,
            lastFailure: hasNoFailure ? '' : last.word,
            errorMessage: (0,_text_format_js__WEBPACK_IMPORTED_MODULE_9__/* .joinPresent */ .uE)('; ', word, last?.message ?? ''),
        };
    }
    const failure = failureOf(error, redact);
    if (runId === '') {
        const isUnscoped = isRejection(error) && order.projectId === '';
        return isUnscoped
            ? { ...failure, ...NO_PROJECT, errorMessage: redact(error.detail), left }
            : { ...failure, left };
    }
    const isAttached = origin?.kind === 'attached';
    if (isGone(error))
        return { ...failure, remedy: isAttached ? ATTACHED_RUN_GONE : RUN_GONE };
    if (isPollRejected(error))
        return { ...failure, remedy: isAttached ? 'Check `run_id`.' : REPORT, left };
    const isOver = error instanceof _inputs_inputs_js__WEBPACK_IMPORTED_MODULE_5__/* .InputError */ .dz || error instanceof _time_limit_js__WEBPACK_IMPORTED_MODULE_8__/* .GateTimeError */ .fc || isOfTheRun(error);
    return isOver ? failure : { ...failure, left };
}
const RUN_GONE = 'The run may have been deleted at Alloovium. {new_run}';
const ATTACHED_RUN_GONE = 'Check `run_id`, and that the key belongs to the Alloovium account of the run, which may have been deleted there.';
const REPORT = 'Report it to Alloovium.';
function isGone(error) {
    return error instanceof _alloovium_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .ApiError */ .hD && (error.problem.status === 404 || error.problem.status === 410);
}
function isOfTheRun(error) {
    const isWrong = error instanceof _alloovium_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .ResponseShapeError */ .RD && error.fault === 'wrong_run';
    return isWrong || (error instanceof _alloovium_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .RequestError */ .GI && error.kind === 'of_the_run');
}
function isPollRejected(error) {
    return error instanceof _alloovium_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .ApiError */ .hD && [400, 409, 413, 422].includes(error.problem.status);
}
const NO_PROJECT = {
    headline: '`project_id` is empty, and Alloovium rejected the launch (422)',
    remedy: 'Give `project_id` if the workflow reads a project. If not, check that it is enabled, and that `inputs` match the variables it declares.',
};
function isRejection(error) {
    if (!(error instanceof _alloovium_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .ApiError */ .hD))
        return false;
    const { status, code } = error.problem;
    return status === 422 && (code === null || code === 'validation_error');
}
function stepEndingOf(error, redact) {
    if (!(error instanceof Interrupted))
        return failureOf(error, redact);
    return { kind: 'interrupted', signal: error.signalName, left: 'nothing', errorMessage: '' };
}
function failureOf(error, redact) {
    if (error instanceof _step_error_js__WEBPACK_IMPORTED_MODULE_7__/* .StepError */ .z) {
        const { remedy, message } = error;
        const headline = redact(error.headline).replace(/^[a-z]+(?= )/, _text_format_js__WEBPACK_IMPORTED_MODULE_9__/* .capitalise */ .sK);
        const isNotFound = error instanceof _unknown_workflow_js__WEBPACK_IMPORTED_MODULE_6__/* .UnknownWorkflowError */ .W1;
        return { kind: 'error', headline, remedy, errorMessage: redact(message), isNotFound };
    }
    return {
        kind: 'error',
        headline: 'The action had an internal error',
        remedy: '{again} If it happens again, report the message to the maintainers of this action.',
        errorMessage: `Node.js reported: ${redact(collectMessages(error)).trim().replace(/\s+/g, ' ')}`,
    };
}
function collectMessages(error, depth = 0) {
    if (!(error instanceof Error))
        return (0,node_util__WEBPACK_IMPORTED_MODULE_0__.inspect)(error);
    const inner = [
        ...(error instanceof AggregateError ? error.errors : []),
        ...(error.cause === undefined ? [] : [error.cause]),
    ];
    const few = depth === 3 ? [] : inner.slice(0, 3);
    return [error.message, ...few.map((one) => collectMessages(one, depth + 1))].join('; ');
}


/***/ }),

/***/ 1197:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   t: () => (/* binding */ createMetaNotices)
/* harmony export */ });
function createMetaNotices({ redacted, wrongContentType = false, }) {
    const texts = [
        redacted &&
            'an answer of the API contained a secret of this job, such as its API key, which is shown as ***',
        wrongContentType && 'an answer of the API was JSON without the content type of JSON',
    ];
    return texts.filter((text) => text !== false).map((text) => ({ kind: 'notice', text }));
}


/***/ }),

/***/ 3832:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   W1: () => (/* binding */ UnknownWorkflowError),
/* harmony export */   lt: () => (/* binding */ listWorkflowLines),
/* harmony export */   ul: () => (/* binding */ createUnknownWorkflowError)
/* harmony export */ });
/* harmony import */ var _alloovium_errors_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(459);
/* harmony import */ var _alloovium_retry_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(3492);
/* harmony import */ var _step_error_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(5406);
/* harmony import */ var _text_nearest_name_js__WEBPACK_IMPORTED_MODULE_4__ = __nccwpck_require__(7153);
/* harmony import */ var _events_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(1197);





class UnknownWorkflowError extends _step_error_js__WEBPACK_IMPORTED_MODULE_2__/* .StepError */ .z {
}
async function createUnknownWorkflowError({ hintMs, problem }, { workflowId, projectId }, job) {
    const { workflows, isWhole } = hintMs === null ? await listWorkflows(job) : { workflows: [], isWhole: false };
    const workflow = workflows.find(({ id }) => id === workflowId);
    if (workflow === undefined && isWhole && job.context.isPrivate && workflows.length > 0)
        job.emit({ kind: 'log_note', text: suggestWorkflows(workflows, workflowId) });
    const [headline, remedy] = whyNotFound(workflow, projectId, isWhole);
    const isTheApi = problem.code === 'not_found';
    return new UnknownWorkflowError(`${headline} (404${isTheApi ? ' not_found' : ''})`, `${isTheApi ? '' : 'Check that `api_url`, if you give it, is the API itself. '}${remedy}`, (0,_alloovium_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .appendRequestId */ .JD)(isTheApi || problem.detail === '' ? '' : `The server reported: ${problem.detail}`, problem.requestId));
}
function whyNotFound(workflow, projectId, isWhole) {
    const orHidden = "or this key's account cannot see it";
    const copyId = "Copy the workflow's ID from the dashboard into `workflow_id`.";
    if (workflow === undefined && (isWhole || projectId === ''))
        return [`Workflow not found, ${orHidden}`, copyId];
    if (workflow === undefined)
        return [
            `Workflow or project not found, ${orHidden}`,
            `${copyId} A wrong \`project_id\` gives the same error.`,
        ];
    if (!workflow.enabled)
        return ['The workflow exists, but is disabled', 'Enable it in the dashboard, or check `workflow_id`.'];
    if (projectId === '') {
        const remedy = "Give `project_id`: a workflow that reads a project's documents needs one.";
        return ['The workflow exists; `project_id` is empty', remedy];
    }
    const missing = `project ${projectId.slice(0, 8)}… was probably not found, ${orHidden}`;
    return [`The workflow exists; ${missing}`, 'Check `project_id`.'];
}
const MAX_PAGES = 20;
const PAGE_MS = 15_000;
const LIST_MS = 60_000;
const PAGE_SIZE = 100;
async function listWorkflows(job) {
    const { client, clock, signal, emit } = job;
    const workflows = [];
    const deadline = Math.min(job.deadline, clock.now() + LIST_MS);
    const pageMs = () => Math.max(1, Math.min(PAGE_MS, deadline - clock.now()));
    const asked = new Set();
    let cursor = null;
    try {
        while (asked.size < MAX_PAGES && !asked.has(cursor)) {
            const at = cursor;
            asked.add(at);
            const send = () => client.listWorkflows(at, pageMs(), signal);
            const { meta, ...page } = await (0,_alloovium_retry_js__WEBPACK_IMPORTED_MODULE_1__/* .sendUntilAnswered */ .Wf)(send, { ...job, deadline });
            workflows.push(...page.workflows.slice(0, PAGE_SIZE));
            for (const event of (0,_events_js__WEBPACK_IMPORTED_MODULE_3__/* .createMetaNotices */ .t)({ redacted: meta.redacted }))
                emit(event);
            cursor = page.nextCursor;
            if (cursor === null)
                return { workflows, isWhole: true };
            if (meta.retryAfterAt > meta.at)
                break;
        }
    }
    catch (error) {
        if (signal.aborted)
            throw error;
    }
    return { workflows, isWhole: false };
}
function suggestWorkflows(workflows, workflowId) {
    const off = ({ id, name }) => Math.min((0,_text_nearest_name_js__WEBPACK_IMPORTED_MODULE_4__/* .editDistance */ .Y)(id, workflowId), (0,_text_nearest_name_js__WEBPACK_IMPORTED_MODULE_4__/* .editDistance */ .Y)(name, workflowId.replace(/^wf_/, '')));
    const nearest = workflows
        .map((workflow) => ({ text: describeWorkflow(workflow), off: off(workflow) }))
        .sort((a, b) => a.off - b.off)
        .slice(0, 3);
    return `did you mean ${nearest.map(({ text }) => text).join(' or ')}?`;
}
function describeWorkflow({ id, name, enabled }) {
    return `${id} “${name.slice(0, 80)}”${enabled ? '' : ' (disabled)'}`;
}
const MAX_LISTED = 20;
async function listWorkflowLines(client, signal) {
    const answer = await client.listWorkflows(null, PAGE_MS, signal);
    if ('failure' in answer)
        return [];
    const { workflows, nextCursor } = answer;
    const listed = workflows.slice(0, MAX_LISTED).map((workflow) => `    ${describeWorkflow(workflow)}`);
    const hasMore = workflows.length > listed.length || nextCursor !== null;
    return [
        listed.length === 0 ? 'This key can run no workflow.' : 'Workflows that this key can run:',
        ...listed,
        ...(hasMore ? ['    and more: see the dashboard'] : []),
    ];
}


/***/ }),

/***/ 5518:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   F: () => (/* binding */ isSafeUrl)
/* harmony export */ });
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;
function isSafeUrl({ protocol, hostname }) {
    return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname));
}


/***/ }),

/***/ 5406:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   z: () => (/* binding */ StepError)
/* harmony export */ });
class StepError extends Error {
    headline;
    remedy;
    detail;
    constructor(headline, remedy, detail = '') {
        super(detail === '' ? headline : `${headline}: ${detail}`);
        this.headline = headline;
        this.remedy = remedy;
        this.detail = detail;
    }
}


/***/ }),

/***/ 7388:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   BP: () => (/* binding */ logLine),
/* harmony export */   Ci: () => (/* binding */ escapeForProse),
/* harmony export */   Jc: () => (/* binding */ appendUntrusted),
/* harmony export */   KY: () => (/* binding */ escapeForAnnotation),
/* harmony export */   NE: () => (/* binding */ escapeQuotations),
/* harmony export */   Oh: () => (/* binding */ escapeForText),
/* harmony export */   P_: () => (/* binding */ formatCode),
/* harmony export */   Wx: () => (/* binding */ formatHtmlCode),
/* harmony export */   jh: () => (/* binding */ formatTrusted),
/* harmony export */   mU: () => (/* binding */ formatCodeBlock),
/* harmony export */   nf: () => (/* binding */ link),
/* harmony export */   ts: () => (/* binding */ escapeInvisible),
/* harmony export */   xv: () => (/* binding */ truncate),
/* harmony export */   zB: () => (/* binding */ escapeForLog),
/* harmony export */   zQ: () => (/* binding */ finishMarkdown)
/* harmony export */ });
const INVISIBLE = /\r\n|((?<=\p{Extended_Pictographic})\ufe0f|(?<=[0-9])\ufe0f(?=\u20e3))|[[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]--[\n\t]]/gv;
function escapeInvisible(text) {
    return text.replace(INVISIBLE, (found, harmless) => {
        if (found === '\r\n')
            return '\n';
        return harmless ?? `\\u{${found.codePointAt(0)?.toString(16) ?? ''}}`;
    });
}
function truncate(text, maxLength) {
    if (text.length <= maxLength)
        return text;
    return `${text.slice(0, Math.max(0, maxLength - 1)).replace(/[\ud800-\udbff]$/, '')}…`;
}
function takeStart(text, length) {
    return text.slice(0, 2 * length + 2);
}
function toVisibleLine(text, maxLength) {
    return escapeInvisible(takeStart(text, maxLength)).replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}
const BREAK = '\u200b';
const SPLIT = '<span></span>';
const SPLIT_MARK = '\u0002';
const OLD_COMMAND = /#(?=\[)/g;
function escapeForLog(text, maxLength = 500) {
    const line = toVisibleLine(text, maxLength)
        .replace(/:(?=:)/g, ': ')
        .replace(OLD_COMMAND, '# ')
        .replace(/\S+/g, (word) => (word.includes(':') ? word + BREAK : word))
        .replace(FILE_POSITION, `$&${BREAK}`)
        .replace(/^(?=[#[]|\u200b:)/, ' ')
        .replace(/(?:#\u200b?|:\u200b)$/, '$& ');
    return truncate(line, maxLength);
}
const FILE_POSITION = /(?<=^|\s)(?:TS\d+(?=:)|line(?=\s\d+,?\scol)|(?=:))/g;
function logLine(literals, ...values) {
    const safe = values.map((other) => typeof other === 'object' ? other.safe : escapeForLog(String(other), 2_000));
    return { safe: literals.reduce((line, words, at) => line + (safe[at - 1] ?? '') + words) };
}
function appendUntrusted(prefix, text) {
    return logLine `${typeof prefix === 'string' ? { safe: prefix } : prefix}: ${text}`;
}
const MAX_ANNOTATION_LENGTH = 4_096;
function escapeForAnnotation(text) {
    const line = escapeInvisible(takeStart(text, MAX_ANNOTATION_LENGTH))
        .trim()
        .replace(/\s+/g, ' ')
        .replace(OLD_COMMAND, '# ');
    return truncate(line, MAX_ANNOTATION_LENGTH);
}
function formatTrusted(text) {
    return { safe: escapeForAnnotation(text) };
}
function escapeQuotations(text) {
    const seen = escapeInvisible(takeStart(text, MAX_ANNOTATION_LENGTH)).replace(/[\n\t]/g, ' ');
    const line = seen.replace(OLD_COMMAND, '# ').replace(/:(?=:)/g, ': ');
    const safe = line.replace(QUOTATION, (quotation) => escapeForLog(quotation, MAX_ANNOTATION_LENGTH));
    return { safe: truncate(safe, MAX_ANNOTATION_LENGTH) };
}
const AUTOLINK = /@|#(?=\d|$)|(?<![0-9a-z])(?:gh|ghsa|cve)-(?=\w|$)|:(?=[\w+-]*(?::|$)|\/)|www(?=\.|$)|\[(?=[ x]\]|!)/gi;
const TRACKER_KEY = /(?<=[A-Za-z])[-_:/=](?=[0-9])|(?<=[A-Z])-(?=[A-Z])/g;
const SHA_IN_TEXT = /(?<![0-9a-z])[0-9a-f]{7,40}(?![0-9a-z])/gi;
const MARKUP = /[&<>*`[\]|~\\$]|(?<![0-9A-Za-z])_/g;
const LINE_START = /^[-+=#/]|(?<=^[0-9]{1,9})[.)]/;
const NAMED_ENTITIES = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    $: '<span>$</span>',
};
function toEntity(character) {
    return NAMED_ENTITIES[character] ?? `&#x${character.charCodeAt(0).toString(16)};`;
}
function escapeForProse(text, maxLength = 300) {
    return escapeMarkdown(toProseLine(text, maxLength));
}
function toProseLine(text, maxLength) {
    const head = takeStart(text, 2 * maxLength);
    const line = escapeInvisible(head)
        .replace(/[ \n\t]+/g, ' ')
        .trim();
    return truncate(head.length < text.length ? `${line}…` : line, maxLength);
}
function escapeMarkdown(line) {
    return line
        .replace(SHA_IN_TEXT, (found) => found.replace(/.{6}(?=.)/g, `$&${SPLIT_MARK}`))
        .replace(AUTOLINK, `$&${SPLIT_MARK}`)
        .replace(MARKUP, toEntity)
        .replace(TRACKER_KEY, (found) => `<span>${toEntity(found)}</span>`)
        .replace(LINE_START, toEntity)
        .replaceAll(SPLIT_MARK, SPLIT);
}
function escapeForText(text, maxLength = 300, areKeysQuoted = false) {
    const line = toProseLine(text, maxLength);
    let from = 0;
    let safe = '';
    for (const { 0: word, index } of line.matchAll(areKeysQuoted ? QUOTED : WORD)) {
        if (index === from && safe !== '')
            continue;
        const isQuoted = areKeysQuoted && word.startsWith('"');
        const withNext = line.slice(index, index + word.length + 1);
        if (!isQuoted && (!isLikeSecret(word) || escapeMarkdown(withNext) === withNext))
            continue;
        safe += escapeMarkdown(line.slice(from, index)) + formatCode(word, Infinity);
        from = index + word.length;
    }
    return safe + escapeMarkdown(line.slice(from));
}
const WORD = /[^ ]+/g;
const QUOTATION = /"(?:[^"\\]|\\.?)*(?:"|$)/g;
const QUOTED = new RegExp(`${QUOTATION.source}|[^ "]+`, 'g');
function isLikeSecret(word) {
    return word.length >= 20 || (word.length >= 12 && /[a-z]/i.test(word) && /[0-9]/.test(word));
}
const COLOUR = /^ *(?:#(?=[0-9a-f]{3,8} *$)|(?:rgb|hsl)a?(?=\())/i;
function formatCode(text, maxLength = 200) {
    if (text === '')
        return '(empty)';
    const line = toCodeLine(text, maxLength);
    if (line.includes('|'))
        return toHtmlCode(line);
    const fence = '`'.repeat(measureBacktickRun(line) + 1);
    const pad = /^[ `]|[ `]$/.test(line) && /[^ ]/.test(line) ? ' ' : '';
    return fence + pad + line + pad + fence;
}
function formatHtmlCode(text, maxLength = 200) {
    return text === '' ? '(empty)' : toHtmlCode(toCodeLine(text, maxLength));
}
function toCodeLine(text, maxLength) {
    return truncate(toVisibleLine(text, maxLength), maxLength).replace(COLOUR, `$&${BREAK}`);
}
function toHtmlCode(line) {
    return `<code>${escapeMarkdown(line)}</code>`;
}
function measureBacktickRun(text) {
    return (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
}
function formatCodeBlock(text, maxLength = 20_000, language = '') {
    const body = truncate(escapeInvisible(takeStart(text, maxLength)), maxLength);
    const fence = '`'.repeat(Math.max(3, measureBacktickRun(body) + 1));
    return `${fence}${language}\n${body}\n${fence}`;
}
const ADDRESS_MARK = '\u0001';
function link(markdown, url) {
    return url === '' || markdown === '' ? markdown : `[${markdown}](${ADDRESS_MARK}${url}${ADDRESS_MARK})`;
}
const TRUSTED_CLOSING_TAG = '<(?=/(?:code|details|span|sub|summary)>)';
const BOT_CALL = new RegExp(`@(?!${BREAK}|${SPLIT})|(?<!${TRUSTED_CLOSING_TAG})/(?=[A-Za-z])`, 'g');
const CODE_OR_BOT_CALL = new RegExp(`^(?<block>(?<fence>\`{3,})[^\`\\n]*\\n[^]*?\\n\\k<fence>)$|(?<!\`)(?<mark>\`+)(?!\`)(?<code>[^\\n]*?[^\`\\n])\\k<mark>(?!\`)|${BOT_CALL.source}`, 'gm');
function finishMarkdown(markdown, isPosted) {
    return markdown
        .replaceAll('<!--', `<${BREAK}!--`)
        .split(ADDRESS_MARK)
        .map((part, at) => (isPosted && at % 2 === 0 ? breakBotCalls(part) : part))
        .join('');
}
function breakBotCalls(markdown) {
    return markdown.replace(CODE_OR_BOT_CALL, (found, ...rest) => {
        const { block, code } = rest.at(-1);
        if (block !== undefined)
            return block.replace(BOT_CALL, `$&${BREAK}`);
        if (code === undefined)
            return found + SPLIT;
        if (code.search(BOT_CALL) < 0)
            return found;
        return toHtmlCode(code.replace(/^ (.*[^ ].*) $/, '$1')).replace(BOT_CALL, `$&${SPLIT}`);
    });
}


/***/ }),

/***/ 214:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   G: () => (/* binding */ copyStart),
/* harmony export */   z: () => (/* binding */ excerptOf)
/* harmony export */ });
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(8301);
/* harmony import */ var _escape_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(7388);


function copyStart(text, maxLength) {
    return text.length <= maxLength ? text : JSON.parse(JSON.stringify((0,_escape_js__WEBPACK_IMPORTED_MODULE_1__/* .truncate */ .xv)(text, maxLength)));
}
const MAX_EXCERPT = { characters: 32 * 1024, text: 4_000, keys: 40 };
function excerptOf(value) {
    if (typeof value === 'string')
        return copyStart(value, MAX_EXCERPT.characters);
    if (JSON.stringify(value).length <= MAX_EXCERPT.characters)
        return value;
    if (!(0,_json_js__WEBPACK_IMPORTED_MODULE_0__/* .isJsonObject */ .OW)(value))
        return undefined;
    let remaining = MAX_EXCERPT.characters;
    const fields = [];
    for (const [name, field] of Object.entries(value).slice(0, MAX_EXCERPT.keys)) {
        const shown = typeof field === 'string' ? copyStart(field, MAX_EXCERPT.text) : field;
        const length = name.length + JSON.stringify(shown).length;
        if (length > remaining)
            continue;
        remaining -= length;
        fields.push([name, shown]);
    }
    return Object.fromEntries(fields);
}


/***/ }),

/***/ 8488:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   B4: () => (/* binding */ formatCount),
/* harmony export */   Kx: () => (/* binding */ replaceSpecialCharacters),
/* harmony export */   N: () => (/* binding */ isDay),
/* harmony export */   XN: () => (/* binding */ sumOf),
/* harmony export */   ZV: () => (/* binding */ formatNumber),
/* harmony export */   a3: () => (/* binding */ formatDuration),
/* harmony export */   fU: () => (/* binding */ formatTime),
/* harmony export */   ki: () => (/* binding */ formatList),
/* harmony export */   nM: () => (/* binding */ describeEarlierRed),
/* harmony export */   oZ: () => (/* binding */ lowerFirst),
/* harmony export */   sK: () => (/* binding */ capitalise),
/* harmony export */   uE: () => (/* binding */ joinPresent),
/* harmony export */   z3: () => (/* binding */ isBlank)
/* harmony export */ });
function sumOf(all, of) {
    return all.reduce((count, one) => count + of(one), 0);
}
function formatNumber(value) {
    return String(value).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}
function capitalise(text) {
    return text.charAt(0).toUpperCase() + text.slice(1);
}
function lowerFirst(sentence) {
    return sentence.replace(/^(?!Alloovium|GitHub)[A-Z](?=[a-z]|\b)/, (letter) => letter.toLowerCase());
}
function joinPresent(separator, ...parts) {
    return parts.filter((part) => typeof part === 'string' && part !== '').join(separator);
}
function formatList(names, max = Infinity) {
    const more = names.length - max;
    const shown = more > 0 ? [...names.slice(0, max), `${formatNumber(more)} more`] : names;
    return joinPresent(' and ', shown.slice(0, -1).join(', '), shown.at(-1));
}
function replaceSpecialCharacters(name) {
    return name.replace(/[^\p{L}\p{N} _.-]/gu, '_');
}
function formatCount(count, noun, nouns = `${noun}s`) {
    return `${formatNumber(count)} ${count === 1 ? noun : nouns}`;
}
function describeEarlierRed(count, of) {
    const ofThis = of === '' ? '' : ` of this ${of}`;
    return count === 1 ? `an earlier run${ofThis} was red` : `${count} earlier runs${ofThis} were red`;
}
function formatDuration(ms) {
    const seconds = Math.max(0, Math.round(ms / 1000));
    const counts = [
        `${Math.floor(seconds / 86_400)} d`,
        `${Math.floor(seconds / 3_600) % 24} h`,
        `${Math.floor(seconds / 60) % 60} min`,
        `${seconds % 60} s`,
    ];
    const first = counts.findIndex((count) => !count.startsWith('0'));
    const shown = counts.slice(first, first + 2).filter((count) => !count.startsWith('0'));
    return shown.join(' ') || '0 s';
}
function formatTime(text) {
    const time = Date.parse(text);
    return Number.isNaN(time) ? '' : `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
const VISIBLE_CHARACTER = /[^\s\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]/u;
function isBlank(text) {
    return !VISIBLE_CHARACTER.test(text);
}
function isDay(text) {
    const ms = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : NaN;
    return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}


/***/ }),

/***/ 7153:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Y: () => (/* binding */ editDistance),
/* harmony export */   q: () => (/* binding */ findNearest)
/* harmony export */ });
function normaliseName(name) {
    return name.slice(0, 64).toLowerCase().replaceAll(/[-_ ]/g, '');
}
function editDistance(name, other) {
    const a = normaliseName(name);
    const b = normaliseName(other);
    let before = [];
    let row = Array.from({ length: b.length + 1 }, (_, at) => at);
    for (let i = 1; i <= a.length; i++) {
        const next = [i];
        for (let j = 1; j <= b.length; j++) {
            const kept = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
            const isSwap = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
            const swapped = isSwap ? (before[j - 2] ?? 0) + 1 : Infinity;
            next.push(Math.min(kept, swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
        }
        before = row;
        row = next;
    }
    return row[b.length] ?? 0;
}
function findNearest(names, wanted, maxDistance) {
    const { length } = normaliseName(wanted);
    let found;
    let minDistance = Infinity;
    for (const name of names) {
        if (Math.abs(normaliseName(name).length - length) > maxDistance(name))
            continue;
        const distance = editDistance(name, wanted);
        if (distance > maxDistance(name) || distance >= minDistance)
            continue;
        found = name;
        minDistance = distance;
    }
    return found;
}


/***/ }),

/***/ 3326:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   BT: () => (/* binding */ makeNameUnique),
/* harmony export */   Kp: () => (/* binding */ redactJson),
/* harmony export */   lY: () => (/* binding */ createRedactor)
/* harmony export */ });
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(8301);

const MIN_SECRET_LENGTH = 8;
const KEY_SHAPE = 'ak_(?:live|test)_\\w{16,}';
const LINE_END = '[\\r\\n]{0,2}';
function createRedactor(secrets) {
    const spellings = secrets
        .filter((secret) => secret.length >= MIN_SECRET_LENGTH)
        .flatMap((secret) => spellingsOf(secret))
        .sort((one, other) => other.length - one.length);
    const pattern = new RegExp([...new Set(spellings.map(toPattern)), KEY_SHAPE].join('|'), 'g');
    return (text) => (text.length < MIN_SECRET_LENGTH ? text : text.replace(pattern, '***'));
}
function spellingsOf(secret) {
    const json = JSON.stringify(secret).slice(1, -1);
    const percent = encodeURIComponent(secret.toWellFormed());
    const lowerPercent = percent.replace(/%../g, (escape) => escape.toLowerCase());
    const base64 = [0, 1, 2].flatMap((offset) => encodeAtOffset(offset, secret));
    return [secret, json, percent, lowerPercent, ...base64];
}
function encodeAtOffset(offset, secret) {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
    const start = Math.ceil((offset * 8) / 6);
    const end = Math.floor((bytes.length * 8) / 6);
    return [bytes.toString('base64').slice(start, end), bytes.toString('base64url').slice(start, end)];
}
function toPattern(spelling) {
    const characters = Array.from(spelling, escapeCharacter);
    return characters.join(/[\r\n]/.test(spelling) ? '' : LINE_END);
}
function escapeCharacter(character) {
    return character.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
function redactJson(value, redact) {
    if (value === null || typeof value === 'boolean')
        return value;
    if (typeof value !== 'object' || (0,_json_js__WEBPACK_IMPORTED_MODULE_0__/* .isExactNumber */ .zr)(value)) {
        const source = typeof value === 'string' ? value : JSON.stringify(value);
        const redacted = redact(source);
        return redacted === source ? value : redacted;
    }
    if ((0,_json_js__WEBPACK_IMPORTED_MODULE_0__/* .isList */ .Lv)(value)) {
        const copy = value.map((item) => redactJson(item, redact));
        return copy.some((item, at) => item !== value[at]) ? copy : value;
    }
    const keys = Object.keys(value);
    let copy = null;
    for (const [at, key] of keys.entries()) {
        const item = value[key] ?? null;
        const name = redact(key);
        const redacted = redactJson(item, redact);
        if (name !== key || redacted !== item)
            copy ??= keys.slice(0, at).map((one) => [one, value[one] ?? null]);
        copy?.push([name, redacted]);
    }
    if (copy === null)
        return value;
    const lastSuffix = new Map();
    return Object.fromEntries(copy.map(([name, item]) => [makeNameUnique(name, lastSuffix), item]));
}
function makeNameUnique(name, lastSuffix, maxLength = Infinity, normalise = (text) => text) {
    let suffix = lastSuffix.get(normalise(name));
    let free = name;
    if (suffix !== undefined) {
        do {
            const end = `_${++suffix}`;
            free = name.slice(0, maxLength - end.length) + end;
        } while (lastSuffix.has(normalise(free)));
        lastSuffix.set(normalise(name), suffix);
    }
    lastSuffix.set(normalise(free), 1);
    return free;
}


/***/ }),

/***/ 7168:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   fc: () => (/* binding */ GateTimeError),
/* harmony export */   qi: () => (/* binding */ runWithinTime)
/* harmony export */ });
/* unused harmony export createGateTimeError */
/* harmony import */ var node_vm__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(714);
/* harmony import */ var node_vm__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__nccwpck_require__.n(node_vm__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var _step_error_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(5406);


class GateTimeError extends _step_error_js__WEBPACK_IMPORTED_MODULE_1__/* .StepError */ .z {
}
const MAX_MS = 4_000;
let sandbox;
function runWithinTime(work, hasWaivers = false) {
    sandbox ??= (0,node_vm__WEBPACK_IMPORTED_MODULE_0__.createContext)();
    try {
        sandbox.work = work;
        return (0,node_vm__WEBPACK_IMPORTED_MODULE_0__.runInContext)('work()', sandbox, { timeout: MAX_MS });
    }
    catch (error) {
        if (error.code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT')
            throw error;
        throw createGateTimeError(hasWaivers);
    }
    finally {
        sandbox.work = undefined;
    }
}
function createGateTimeError(hasWaivers) {
    const headline = 'take too long to evaluate over these outputs';
    const conditions = 'Write fewer or simpler ones: no macro inside a macro over long lists';
    const rerun = 'A re-run of this job evaluates the same run again.';
    return hasWaivers
        ? new GateTimeError(`The conditions and waivers ${headline}`, `${conditions}, and fewer waivers. ${rerun}`)
        : new GateTimeError(`The conditions ${headline}`, `${conditions}. ${rerun}`);
}


/***/ }),

/***/ 2613:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("assert");

/***/ }),

/***/ 181:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("buffer");

/***/ }),

/***/ 4434:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("events");

/***/ }),

/***/ 9896:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("fs");

/***/ }),

/***/ 8611:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("http");

/***/ }),

/***/ 5692:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("https");

/***/ }),

/***/ 9278:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("net");

/***/ }),

/***/ 4589:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:assert");

/***/ }),

/***/ 6698:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:async_hooks");

/***/ }),

/***/ 4573:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:buffer");

/***/ }),

/***/ 7540:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:console");

/***/ }),

/***/ 7598:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:crypto");

/***/ }),

/***/ 3053:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:diagnostics_channel");

/***/ }),

/***/ 610:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:dns");

/***/ }),

/***/ 8474:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:events");

/***/ }),

/***/ 3024:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs");

/***/ }),

/***/ 7067:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:http");

/***/ }),

/***/ 2467:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:http2");

/***/ }),

/***/ 7030:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:net");

/***/ }),

/***/ 6760:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:path");

/***/ }),

/***/ 643:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:perf_hooks");

/***/ }),

/***/ 1792:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:querystring");

/***/ }),

/***/ 7075:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:stream");

/***/ }),

/***/ 1692:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:tls");

/***/ }),

/***/ 3136:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:url");

/***/ }),

/***/ 7975:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:util");

/***/ }),

/***/ 3429:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:util/types");

/***/ }),

/***/ 8877:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:v8");

/***/ }),

/***/ 714:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:vm");

/***/ }),

/***/ 5919:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:worker_threads");

/***/ }),

/***/ 8522:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:zlib");

/***/ }),

/***/ 857:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("os");

/***/ }),

/***/ 932:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("process");

/***/ }),

/***/ 3193:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("string_decoder");

/***/ }),

/***/ 4756:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("tls");

/***/ }),

/***/ 9023:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("util");

/***/ }),

/***/ 6542:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   h: () => (/* binding */ fetch),
/* harmony export */   k: () => (/* binding */ ProxyAgent)
/* harmony export */ });
/**
 * Stands in for undici in the first chunk of the bundle: @actions/http-client imports all 940 kB of it for one
 * function that only @actions/github calls, and loading it takes as long as the rest of the start. The comment's
 * chunk has the real one (`undici/index.js`, which the alias in tsconfig.json does not match), and hands Octokit a
 * `fetch` made of it. With a proxy set, importing @actions/github constructs a ProxyAgent, so that must not throw.
 */
class ProxyAgent {}

function fetch() {
  return Promise.reject(new Error('undici is not in this chunk of the bundle'));
}


/***/ }),

/***/ 2779:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

var https__WEBPACK_IMPORTED_MODULE_1___namespace_cache;
var http__WEBPACK_IMPORTED_MODULE_0___namespace_cache;
/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Qq: () => (/* binding */ HttpClient)
/* harmony export */ });
/* unused harmony exports HttpCodes, Headers, MediaTypes, getProxyUrl, HttpClientError, HttpClientResponse, isHttps */
/* harmony import */ var http__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(8611);
/* harmony import */ var https__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(5692);
/* harmony import */ var _proxy_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(9783);
/* harmony import */ var tunnel__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(770);
/* harmony import */ var undici__WEBPACK_IMPORTED_MODULE_4__ = __nccwpck_require__(6542);
/* eslint-disable @typescript-eslint/no-explicit-any */
var __awaiter = (undefined && undefined.__awaiter) || function (thisArg, _arguments, P, generator) {
    function adopt(value) { return value instanceof P ? value : new P(function (resolve) { resolve(value); }); }
    return new (P || (P = Promise))(function (resolve, reject) {
        function fulfilled(value) { try { step(generator.next(value)); } catch (e) { reject(e); } }
        function rejected(value) { try { step(generator["throw"](value)); } catch (e) { reject(e); } }
        function step(result) { result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected); }
        step((generator = generator.apply(thisArg, _arguments || [])).next());
    });
};





var HttpCodes;
(function (HttpCodes) {
    HttpCodes[HttpCodes["OK"] = 200] = "OK";
    HttpCodes[HttpCodes["MultipleChoices"] = 300] = "MultipleChoices";
    HttpCodes[HttpCodes["MovedPermanently"] = 301] = "MovedPermanently";
    HttpCodes[HttpCodes["ResourceMoved"] = 302] = "ResourceMoved";
    HttpCodes[HttpCodes["SeeOther"] = 303] = "SeeOther";
    HttpCodes[HttpCodes["NotModified"] = 304] = "NotModified";
    HttpCodes[HttpCodes["UseProxy"] = 305] = "UseProxy";
    HttpCodes[HttpCodes["SwitchProxy"] = 306] = "SwitchProxy";
    HttpCodes[HttpCodes["TemporaryRedirect"] = 307] = "TemporaryRedirect";
    HttpCodes[HttpCodes["PermanentRedirect"] = 308] = "PermanentRedirect";
    HttpCodes[HttpCodes["BadRequest"] = 400] = "BadRequest";
    HttpCodes[HttpCodes["Unauthorized"] = 401] = "Unauthorized";
    HttpCodes[HttpCodes["PaymentRequired"] = 402] = "PaymentRequired";
    HttpCodes[HttpCodes["Forbidden"] = 403] = "Forbidden";
    HttpCodes[HttpCodes["NotFound"] = 404] = "NotFound";
    HttpCodes[HttpCodes["MethodNotAllowed"] = 405] = "MethodNotAllowed";
    HttpCodes[HttpCodes["NotAcceptable"] = 406] = "NotAcceptable";
    HttpCodes[HttpCodes["ProxyAuthenticationRequired"] = 407] = "ProxyAuthenticationRequired";
    HttpCodes[HttpCodes["RequestTimeout"] = 408] = "RequestTimeout";
    HttpCodes[HttpCodes["Conflict"] = 409] = "Conflict";
    HttpCodes[HttpCodes["Gone"] = 410] = "Gone";
    HttpCodes[HttpCodes["TooManyRequests"] = 429] = "TooManyRequests";
    HttpCodes[HttpCodes["InternalServerError"] = 500] = "InternalServerError";
    HttpCodes[HttpCodes["NotImplemented"] = 501] = "NotImplemented";
    HttpCodes[HttpCodes["BadGateway"] = 502] = "BadGateway";
    HttpCodes[HttpCodes["ServiceUnavailable"] = 503] = "ServiceUnavailable";
    HttpCodes[HttpCodes["GatewayTimeout"] = 504] = "GatewayTimeout";
})(HttpCodes || (HttpCodes = {}));
var Headers;
(function (Headers) {
    Headers["Accept"] = "accept";
    Headers["ContentType"] = "content-type";
})(Headers || (Headers = {}));
var MediaTypes;
(function (MediaTypes) {
    MediaTypes["ApplicationJson"] = "application/json";
})(MediaTypes || (MediaTypes = {}));
/**
 * Returns the proxy URL, depending upon the supplied url and proxy environment variables.
 * @param serverUrl  The server URL where the request will be sent. For example, https://api.github.com
 */
function getProxyUrl(serverUrl) {
    const proxyUrl = pm.getProxyUrl(new URL(serverUrl));
    return proxyUrl ? proxyUrl.href : '';
}
const HttpRedirectCodes = [
    HttpCodes.MovedPermanently,
    HttpCodes.ResourceMoved,
    HttpCodes.SeeOther,
    HttpCodes.TemporaryRedirect,
    HttpCodes.PermanentRedirect
];
const HttpResponseRetryCodes = [
    HttpCodes.BadGateway,
    HttpCodes.ServiceUnavailable,
    HttpCodes.GatewayTimeout
];
const RetryableHttpVerbs = ['OPTIONS', 'GET', 'DELETE', 'HEAD'];
const ExponentialBackoffCeiling = 10;
const ExponentialBackoffTimeSlice = 5;
class HttpClientError extends Error {
    constructor(message, statusCode) {
        super(message);
        this.name = 'HttpClientError';
        this.statusCode = statusCode;
        Object.setPrototypeOf(this, HttpClientError.prototype);
    }
}
class HttpClientResponse {
    constructor(message) {
        this.message = message;
    }
    readBody() {
        return __awaiter(this, void 0, void 0, function* () {
            return new Promise((resolve) => __awaiter(this, void 0, void 0, function* () {
                let output = Buffer.alloc(0);
                this.message.on('data', (chunk) => {
                    output = Buffer.concat([output, chunk]);
                });
                this.message.on('end', () => {
                    resolve(output.toString());
                });
            }));
        });
    }
    readBodyBuffer() {
        return __awaiter(this, void 0, void 0, function* () {
            return new Promise((resolve) => __awaiter(this, void 0, void 0, function* () {
                const chunks = [];
                this.message.on('data', (chunk) => {
                    chunks.push(chunk);
                });
                this.message.on('end', () => {
                    resolve(Buffer.concat(chunks));
                });
            }));
        });
    }
}
function isHttps(requestUrl) {
    const parsedUrl = new URL(requestUrl);
    return parsedUrl.protocol === 'https:';
}
class HttpClient {
    constructor(userAgent, handlers, requestOptions) {
        this._ignoreSslError = false;
        this._allowRedirects = true;
        this._allowRedirectDowngrade = false;
        this._maxRedirects = 50;
        this._allowRetries = false;
        this._maxRetries = 1;
        this._keepAlive = false;
        this._disposed = false;
        this.userAgent = this._getUserAgentWithOrchestrationId(userAgent);
        this.handlers = handlers || [];
        this.requestOptions = requestOptions;
        if (requestOptions) {
            if (requestOptions.ignoreSslError != null) {
                this._ignoreSslError = requestOptions.ignoreSslError;
            }
            this._socketTimeout = requestOptions.socketTimeout;
            if (requestOptions.allowRedirects != null) {
                this._allowRedirects = requestOptions.allowRedirects;
            }
            if (requestOptions.allowRedirectDowngrade != null) {
                this._allowRedirectDowngrade = requestOptions.allowRedirectDowngrade;
            }
            if (requestOptions.maxRedirects != null) {
                this._maxRedirects = Math.max(requestOptions.maxRedirects, 0);
            }
            if (requestOptions.keepAlive != null) {
                this._keepAlive = requestOptions.keepAlive;
            }
            if (requestOptions.allowRetries != null) {
                this._allowRetries = requestOptions.allowRetries;
            }
            if (requestOptions.maxRetries != null) {
                this._maxRetries = requestOptions.maxRetries;
            }
        }
    }
    options(requestUrl, additionalHeaders) {
        return __awaiter(this, void 0, void 0, function* () {
            return this.request('OPTIONS', requestUrl, null, additionalHeaders || {});
        });
    }
    get(requestUrl, additionalHeaders) {
        return __awaiter(this, void 0, void 0, function* () {
            return this.request('GET', requestUrl, null, additionalHeaders || {});
        });
    }
    del(requestUrl, additionalHeaders) {
        return __awaiter(this, void 0, void 0, function* () {
            return this.request('DELETE', requestUrl, null, additionalHeaders || {});
        });
    }
    post(requestUrl, data, additionalHeaders) {
        return __awaiter(this, void 0, void 0, function* () {
            return this.request('POST', requestUrl, data, additionalHeaders || {});
        });
    }
    patch(requestUrl, data, additionalHeaders) {
        return __awaiter(this, void 0, void 0, function* () {
            return this.request('PATCH', requestUrl, data, additionalHeaders || {});
        });
    }
    put(requestUrl, data, additionalHeaders) {
        return __awaiter(this, void 0, void 0, function* () {
            return this.request('PUT', requestUrl, data, additionalHeaders || {});
        });
    }
    head(requestUrl, additionalHeaders) {
        return __awaiter(this, void 0, void 0, function* () {
            return this.request('HEAD', requestUrl, null, additionalHeaders || {});
        });
    }
    sendStream(verb, requestUrl, stream, additionalHeaders) {
        return __awaiter(this, void 0, void 0, function* () {
            return this.request(verb, requestUrl, stream, additionalHeaders);
        });
    }
    /**
     * Gets a typed object from an endpoint
     * Be aware that not found returns a null.  Other errors (4xx, 5xx) reject the promise
     */
    getJson(requestUrl_1) {
        return __awaiter(this, arguments, void 0, function* (requestUrl, additionalHeaders = {}) {
            additionalHeaders[Headers.Accept] = this._getExistingOrDefaultHeader(additionalHeaders, Headers.Accept, MediaTypes.ApplicationJson);
            const res = yield this.get(requestUrl, additionalHeaders);
            return this._processResponse(res, this.requestOptions);
        });
    }
    postJson(requestUrl_1, obj_1) {
        return __awaiter(this, arguments, void 0, function* (requestUrl, obj, additionalHeaders = {}) {
            const data = JSON.stringify(obj, null, 2);
            additionalHeaders[Headers.Accept] = this._getExistingOrDefaultHeader(additionalHeaders, Headers.Accept, MediaTypes.ApplicationJson);
            additionalHeaders[Headers.ContentType] =
                this._getExistingOrDefaultContentTypeHeader(additionalHeaders, MediaTypes.ApplicationJson);
            const res = yield this.post(requestUrl, data, additionalHeaders);
            return this._processResponse(res, this.requestOptions);
        });
    }
    putJson(requestUrl_1, obj_1) {
        return __awaiter(this, arguments, void 0, function* (requestUrl, obj, additionalHeaders = {}) {
            const data = JSON.stringify(obj, null, 2);
            additionalHeaders[Headers.Accept] = this._getExistingOrDefaultHeader(additionalHeaders, Headers.Accept, MediaTypes.ApplicationJson);
            additionalHeaders[Headers.ContentType] =
                this._getExistingOrDefaultContentTypeHeader(additionalHeaders, MediaTypes.ApplicationJson);
            const res = yield this.put(requestUrl, data, additionalHeaders);
            return this._processResponse(res, this.requestOptions);
        });
    }
    patchJson(requestUrl_1, obj_1) {
        return __awaiter(this, arguments, void 0, function* (requestUrl, obj, additionalHeaders = {}) {
            const data = JSON.stringify(obj, null, 2);
            additionalHeaders[Headers.Accept] = this._getExistingOrDefaultHeader(additionalHeaders, Headers.Accept, MediaTypes.ApplicationJson);
            additionalHeaders[Headers.ContentType] =
                this._getExistingOrDefaultContentTypeHeader(additionalHeaders, MediaTypes.ApplicationJson);
            const res = yield this.patch(requestUrl, data, additionalHeaders);
            return this._processResponse(res, this.requestOptions);
        });
    }
    /**
     * Makes a raw http request.
     * All other methods such as get, post, patch, and request ultimately call this.
     * Prefer get, del, post and patch
     */
    request(verb, requestUrl, data, headers) {
        return __awaiter(this, void 0, void 0, function* () {
            if (this._disposed) {
                throw new Error('Client has already been disposed.');
            }
            const parsedUrl = new URL(requestUrl);
            let info = this._prepareRequest(verb, parsedUrl, headers);
            // Only perform retries on reads since writes may not be idempotent.
            const maxTries = this._allowRetries && RetryableHttpVerbs.includes(verb)
                ? this._maxRetries + 1
                : 1;
            let numTries = 0;
            let response;
            do {
                response = yield this.requestRaw(info, data);
                // Check if it's an authentication challenge
                if (response &&
                    response.message &&
                    response.message.statusCode === HttpCodes.Unauthorized) {
                    let authenticationHandler;
                    for (const handler of this.handlers) {
                        if (handler.canHandleAuthentication(response)) {
                            authenticationHandler = handler;
                            break;
                        }
                    }
                    if (authenticationHandler) {
                        return authenticationHandler.handleAuthentication(this, info, data);
                    }
                    else {
                        // We have received an unauthorized response but have no handlers to handle it.
                        // Let the response return to the caller.
                        return response;
                    }
                }
                let redirectsRemaining = this._maxRedirects;
                while (response.message.statusCode &&
                    HttpRedirectCodes.includes(response.message.statusCode) &&
                    this._allowRedirects &&
                    redirectsRemaining > 0) {
                    const redirectUrl = response.message.headers['location'];
                    if (!redirectUrl) {
                        // if there's no location to redirect to, we won't
                        break;
                    }
                    const parsedRedirectUrl = new URL(redirectUrl);
                    if (parsedUrl.protocol === 'https:' &&
                        parsedUrl.protocol !== parsedRedirectUrl.protocol &&
                        !this._allowRedirectDowngrade) {
                        throw new Error('Redirect from HTTPS to HTTP protocol. This downgrade is not allowed for security reasons. If you want to allow this behavior, set the allowRedirectDowngrade option to true.');
                    }
                    // we need to finish reading the response before reassigning response
                    // which will leak the open socket.
                    yield response.readBody();
                    // strip authorization header if redirected to a different hostname
                    if (parsedRedirectUrl.hostname !== parsedUrl.hostname) {
                        for (const header in headers) {
                            // header names are case insensitive
                            if (header.toLowerCase() === 'authorization') {
                                delete headers[header];
                            }
                        }
                    }
                    // let's make the request with the new redirectUrl
                    info = this._prepareRequest(verb, parsedRedirectUrl, headers);
                    response = yield this.requestRaw(info, data);
                    redirectsRemaining--;
                }
                if (!response.message.statusCode ||
                    !HttpResponseRetryCodes.includes(response.message.statusCode)) {
                    // If not a retry code, return immediately instead of retrying
                    return response;
                }
                numTries += 1;
                if (numTries < maxTries) {
                    yield response.readBody();
                    yield this._performExponentialBackoff(numTries);
                }
            } while (numTries < maxTries);
            return response;
        });
    }
    /**
     * Needs to be called if keepAlive is set to true in request options.
     */
    dispose() {
        if (this._agent) {
            this._agent.destroy();
        }
        this._disposed = true;
    }
    /**
     * Raw request.
     * @param info
     * @param data
     */
    requestRaw(info, data) {
        return __awaiter(this, void 0, void 0, function* () {
            return new Promise((resolve, reject) => {
                function callbackForResult(err, res) {
                    if (err) {
                        reject(err);
                    }
                    else if (!res) {
                        // If `err` is not passed, then `res` must be passed.
                        reject(new Error('Unknown error'));
                    }
                    else {
                        resolve(res);
                    }
                }
                this.requestRawWithCallback(info, data, callbackForResult);
            });
        });
    }
    /**
     * Raw request with callback.
     * @param info
     * @param data
     * @param onResult
     */
    requestRawWithCallback(info, data, onResult) {
        if (typeof data === 'string') {
            if (!info.options.headers) {
                info.options.headers = {};
            }
            info.options.headers['Content-Length'] = Buffer.byteLength(data, 'utf8');
        }
        let callbackCalled = false;
        function handleResult(err, res) {
            if (!callbackCalled) {
                callbackCalled = true;
                onResult(err, res);
            }
        }
        const req = info.httpModule.request(info.options, (msg) => {
            const res = new HttpClientResponse(msg);
            handleResult(undefined, res);
        });
        let socket;
        req.on('socket', sock => {
            socket = sock;
        });
        // If we ever get disconnected, we want the socket to timeout eventually
        req.setTimeout(this._socketTimeout || 3 * 60000, () => {
            if (socket) {
                socket.end();
            }
            handleResult(new Error(`Request timeout: ${info.options.path}`));
        });
        req.on('error', function (err) {
            // err has statusCode property
            // res should have headers
            handleResult(err);
        });
        if (data && typeof data === 'string') {
            req.write(data, 'utf8');
        }
        if (data && typeof data !== 'string') {
            data.on('close', function () {
                req.end();
            });
            data.pipe(req);
        }
        else {
            req.end();
        }
    }
    /**
     * Gets an http agent. This function is useful when you need an http agent that handles
     * routing through a proxy server - depending upon the url and proxy environment variables.
     * @param serverUrl  The server URL where the request will be sent. For example, https://api.github.com
     */
    getAgent(serverUrl) {
        const parsedUrl = new URL(serverUrl);
        return this._getAgent(parsedUrl);
    }
    getAgentDispatcher(serverUrl) {
        const parsedUrl = new URL(serverUrl);
        const proxyUrl = _proxy_js__WEBPACK_IMPORTED_MODULE_2__/* .getProxyUrl */ .s(parsedUrl);
        const useProxy = proxyUrl && proxyUrl.hostname;
        if (!useProxy) {
            return;
        }
        return this._getProxyAgentDispatcher(parsedUrl, proxyUrl);
    }
    _prepareRequest(method, requestUrl, headers) {
        const info = {};
        info.parsedUrl = requestUrl;
        const usingSsl = info.parsedUrl.protocol === 'https:';
        info.httpModule = usingSsl ? /*#__PURE__*/ (https__WEBPACK_IMPORTED_MODULE_1___namespace_cache || (https__WEBPACK_IMPORTED_MODULE_1___namespace_cache = __nccwpck_require__.t(https__WEBPACK_IMPORTED_MODULE_1__, 2))) : /*#__PURE__*/ (http__WEBPACK_IMPORTED_MODULE_0___namespace_cache || (http__WEBPACK_IMPORTED_MODULE_0___namespace_cache = __nccwpck_require__.t(http__WEBPACK_IMPORTED_MODULE_0__, 2)));
        const defaultPort = usingSsl ? 443 : 80;
        info.options = {};
        info.options.host = info.parsedUrl.hostname;
        info.options.port = info.parsedUrl.port
            ? parseInt(info.parsedUrl.port)
            : defaultPort;
        info.options.path =
            (info.parsedUrl.pathname || '') + (info.parsedUrl.search || '');
        info.options.method = method;
        info.options.headers = this._mergeHeaders(headers);
        if (this.userAgent != null) {
            info.options.headers['user-agent'] = this.userAgent;
        }
        info.options.agent = this._getAgent(info.parsedUrl);
        // gives handlers an opportunity to participate
        if (this.handlers) {
            for (const handler of this.handlers) {
                handler.prepareRequest(info.options);
            }
        }
        return info;
    }
    _mergeHeaders(headers) {
        if (this.requestOptions && this.requestOptions.headers) {
            return Object.assign({}, lowercaseKeys(this.requestOptions.headers), lowercaseKeys(headers || {}));
        }
        return lowercaseKeys(headers || {});
    }
    /**
     * Gets an existing header value or returns a default.
     * Handles converting number header values to strings since HTTP headers must be strings.
     * Note: This returns string | string[] since some headers can have multiple values.
     * For headers that must always be a single string (like Content-Type), use the
     * specialized _getExistingOrDefaultContentTypeHeader method instead.
     */
    _getExistingOrDefaultHeader(additionalHeaders, header, _default) {
        let clientHeader;
        if (this.requestOptions && this.requestOptions.headers) {
            const headerValue = lowercaseKeys(this.requestOptions.headers)[header];
            if (headerValue) {
                clientHeader =
                    typeof headerValue === 'number' ? headerValue.toString() : headerValue;
            }
        }
        const additionalValue = additionalHeaders[header];
        if (additionalValue !== undefined) {
            return typeof additionalValue === 'number'
                ? additionalValue.toString()
                : additionalValue;
        }
        if (clientHeader !== undefined) {
            return clientHeader;
        }
        return _default;
    }
    /**
     * Specialized version of _getExistingOrDefaultHeader for Content-Type header.
     * Always returns a single string (not an array) since Content-Type should be a single value.
     * Converts arrays to comma-separated strings and numbers to strings to ensure type safety.
     * This was split from _getExistingOrDefaultHeader to provide stricter typing for callers
     * that assign the result to places expecting a string (e.g., additionalHeaders[Headers.ContentType]).
     */
    _getExistingOrDefaultContentTypeHeader(additionalHeaders, _default) {
        let clientHeader;
        if (this.requestOptions && this.requestOptions.headers) {
            const headerValue = lowercaseKeys(this.requestOptions.headers)[Headers.ContentType];
            if (headerValue) {
                if (typeof headerValue === 'number') {
                    clientHeader = String(headerValue);
                }
                else if (Array.isArray(headerValue)) {
                    clientHeader = headerValue.join(', ');
                }
                else {
                    clientHeader = headerValue;
                }
            }
        }
        const additionalValue = additionalHeaders[Headers.ContentType];
        // Return the first non-undefined value, converting numbers or arrays to strings if necessary
        if (additionalValue !== undefined) {
            if (typeof additionalValue === 'number') {
                return String(additionalValue);
            }
            else if (Array.isArray(additionalValue)) {
                return additionalValue.join(', ');
            }
            else {
                return additionalValue;
            }
        }
        if (clientHeader !== undefined) {
            return clientHeader;
        }
        return _default;
    }
    _getAgent(parsedUrl) {
        let agent;
        const proxyUrl = _proxy_js__WEBPACK_IMPORTED_MODULE_2__/* .getProxyUrl */ .s(parsedUrl);
        const useProxy = proxyUrl && proxyUrl.hostname;
        if (this._keepAlive && useProxy) {
            agent = this._proxyAgent;
        }
        if (!useProxy) {
            agent = this._agent;
        }
        // if agent is already assigned use that agent.
        if (agent) {
            return agent;
        }
        const usingSsl = parsedUrl.protocol === 'https:';
        let maxSockets = 100;
        if (this.requestOptions) {
            maxSockets = this.requestOptions.maxSockets || http__WEBPACK_IMPORTED_MODULE_0__.globalAgent.maxSockets;
        }
        // This is `useProxy` again, but we need to check `proxyURl` directly for TypeScripts's flow analysis.
        if (proxyUrl && proxyUrl.hostname) {
            const agentOptions = {
                maxSockets,
                keepAlive: this._keepAlive,
                proxy: Object.assign(Object.assign({}, ((proxyUrl.username || proxyUrl.password) && {
                    proxyAuth: `${proxyUrl.username}:${proxyUrl.password}`
                })), { host: proxyUrl.hostname, port: proxyUrl.port })
            };
            let tunnelAgent;
            const overHttps = proxyUrl.protocol === 'https:';
            if (usingSsl) {
                tunnelAgent = overHttps ? tunnel__WEBPACK_IMPORTED_MODULE_3__.httpsOverHttps : tunnel__WEBPACK_IMPORTED_MODULE_3__.httpsOverHttp;
            }
            else {
                tunnelAgent = overHttps ? tunnel__WEBPACK_IMPORTED_MODULE_3__.httpOverHttps : tunnel__WEBPACK_IMPORTED_MODULE_3__.httpOverHttp;
            }
            agent = tunnelAgent(agentOptions);
            this._proxyAgent = agent;
        }
        // if tunneling agent isn't assigned create a new agent
        if (!agent) {
            const options = { keepAlive: this._keepAlive, maxSockets };
            agent = usingSsl ? new https__WEBPACK_IMPORTED_MODULE_1__.Agent(options) : new http__WEBPACK_IMPORTED_MODULE_0__.Agent(options);
            this._agent = agent;
        }
        if (usingSsl && this._ignoreSslError) {
            // we don't want to set NODE_TLS_REJECT_UNAUTHORIZED=0 since that will affect request for entire process
            // http.RequestOptions doesn't expose a way to modify RequestOptions.agent.options
            // we have to cast it to any and change it directly
            agent.options = Object.assign(agent.options || {}, {
                rejectUnauthorized: false
            });
        }
        return agent;
    }
    _getProxyAgentDispatcher(parsedUrl, proxyUrl) {
        let proxyAgent;
        if (this._keepAlive) {
            proxyAgent = this._proxyAgentDispatcher;
        }
        // if agent is already assigned use that agent.
        if (proxyAgent) {
            return proxyAgent;
        }
        const usingSsl = parsedUrl.protocol === 'https:';
        proxyAgent = new undici__WEBPACK_IMPORTED_MODULE_4__/* .ProxyAgent */ .k(Object.assign({ uri: proxyUrl.href, pipelining: !this._keepAlive ? 0 : 1 }, ((proxyUrl.username || proxyUrl.password) && {
            token: `Basic ${Buffer.from(`${proxyUrl.username}:${proxyUrl.password}`).toString('base64')}`
        })));
        this._proxyAgentDispatcher = proxyAgent;
        if (usingSsl && this._ignoreSslError) {
            // we don't want to set NODE_TLS_REJECT_UNAUTHORIZED=0 since that will affect request for entire process
            // http.RequestOptions doesn't expose a way to modify RequestOptions.agent.options
            // we have to cast it to any and change it directly
            proxyAgent.options = Object.assign(proxyAgent.options.requestTls || {}, {
                rejectUnauthorized: false
            });
        }
        return proxyAgent;
    }
    _getUserAgentWithOrchestrationId(userAgent) {
        const baseUserAgent = userAgent || 'actions/http-client';
        const orchId = process.env['ACTIONS_ORCHESTRATION_ID'];
        if (orchId) {
            // Sanitize the orchestration ID to ensure it contains only valid characters
            // Valid characters: 0-9, a-z, _, -, .
            const sanitizedId = orchId.replace(/[^a-z0-9_.-]/gi, '_');
            return `${baseUserAgent} actions_orchestration_id/${sanitizedId}`;
        }
        return baseUserAgent;
    }
    _performExponentialBackoff(retryNumber) {
        return __awaiter(this, void 0, void 0, function* () {
            retryNumber = Math.min(ExponentialBackoffCeiling, retryNumber);
            const ms = ExponentialBackoffTimeSlice * Math.pow(2, retryNumber);
            return new Promise(resolve => setTimeout(() => resolve(), ms));
        });
    }
    _processResponse(res, options) {
        return __awaiter(this, void 0, void 0, function* () {
            return new Promise((resolve, reject) => __awaiter(this, void 0, void 0, function* () {
                const statusCode = res.message.statusCode || 0;
                const response = {
                    statusCode,
                    result: null,
                    headers: {}
                };
                // not found leads to null obj returned
                if (statusCode === HttpCodes.NotFound) {
                    resolve(response);
                }
                // get the result from the body
                function dateTimeDeserializer(key, value) {
                    if (typeof value === 'string') {
                        const a = new Date(value);
                        if (!isNaN(a.valueOf())) {
                            return a;
                        }
                    }
                    return value;
                }
                let obj;
                let contents;
                try {
                    contents = yield res.readBody();
                    if (contents && contents.length > 0) {
                        if (options && options.deserializeDates) {
                            obj = JSON.parse(contents, dateTimeDeserializer);
                        }
                        else {
                            obj = JSON.parse(contents);
                        }
                        response.result = obj;
                    }
                    response.headers = res.message.headers;
                }
                catch (err) {
                    // Invalid resource (contents not json);  leaving result obj null
                }
                // note that 3xx redirects are handled by the http layer.
                if (statusCode > 299) {
                    let msg;
                    // if exception/error in body, attempt to get better error
                    if (obj && obj.message) {
                        msg = obj.message;
                    }
                    else if (contents && contents.length > 0) {
                        // it may be the case that the exception is in the body message as string
                        msg = contents;
                    }
                    else {
                        msg = `Failed request: (${statusCode})`;
                    }
                    const err = new HttpClientError(msg, statusCode);
                    err.result = response.result;
                    reject(err);
                }
                else {
                    resolve(response);
                }
            }));
        });
    }
}
const lowercaseKeys = (obj) => Object.keys(obj).reduce((c, k) => ((c[k.toLowerCase()] = obj[k]), c), {});
//# sourceMappingURL=index.js.map

/***/ }),

/***/ 9783:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   H: () => (/* binding */ checkBypass),
/* harmony export */   s: () => (/* binding */ getProxyUrl)
/* harmony export */ });
function getProxyUrl(reqUrl) {
    const usingSsl = reqUrl.protocol === 'https:';
    if (checkBypass(reqUrl)) {
        return undefined;
    }
    const proxyVar = (() => {
        if (usingSsl) {
            return process.env['https_proxy'] || process.env['HTTPS_PROXY'];
        }
        else {
            return process.env['http_proxy'] || process.env['HTTP_PROXY'];
        }
    })();
    if (proxyVar) {
        try {
            return new DecodedURL(proxyVar);
        }
        catch (_a) {
            if (!proxyVar.startsWith('http://') && !proxyVar.startsWith('https://'))
                return new DecodedURL(`http://${proxyVar}`);
        }
    }
    else {
        return undefined;
    }
}
function checkBypass(reqUrl) {
    if (!reqUrl.hostname) {
        return false;
    }
    const reqHost = reqUrl.hostname;
    if (isLoopbackAddress(reqHost)) {
        return true;
    }
    const noProxy = process.env['no_proxy'] || process.env['NO_PROXY'] || '';
    if (!noProxy) {
        return false;
    }
    // Determine the request port
    let reqPort;
    if (reqUrl.port) {
        reqPort = Number(reqUrl.port);
    }
    else if (reqUrl.protocol === 'http:') {
        reqPort = 80;
    }
    else if (reqUrl.protocol === 'https:') {
        reqPort = 443;
    }
    // Format the request hostname and hostname with port
    const upperReqHosts = [reqUrl.hostname.toUpperCase()];
    if (typeof reqPort === 'number') {
        upperReqHosts.push(`${upperReqHosts[0]}:${reqPort}`);
    }
    // Compare request host against noproxy
    for (const upperNoProxyItem of noProxy
        .split(',')
        .map(x => x.trim().toUpperCase())
        .filter(x => x)) {
        if (upperNoProxyItem === '*' ||
            upperReqHosts.some(x => x === upperNoProxyItem ||
                x.endsWith(`.${upperNoProxyItem}`) ||
                (upperNoProxyItem.startsWith('.') &&
                    x.endsWith(`${upperNoProxyItem}`)))) {
            return true;
        }
    }
    return false;
}
function isLoopbackAddress(host) {
    const hostLower = host.toLowerCase();
    return (hostLower === 'localhost' ||
        hostLower.startsWith('127.') ||
        hostLower.startsWith('[::1]') ||
        hostLower.startsWith('[0:0:0:0:0:0:0:1]'));
}
class DecodedURL extends URL {
    constructor(url, base) {
        super(url, base);
        this._decodedUsername = decodeURIComponent(super.username);
        this._decodedPassword = decodeURIComponent(super.password);
    }
    get username() {
        return this._decodedUsername;
    }
    get password() {
        return this._decodedPassword;
    }
}
//# sourceMappingURL=proxy.js.map

/***/ })

/******/ });
/************************************************************************/
/******/ // The module cache
/******/ var __webpack_module_cache__ = {};
/******/ 
/******/ // The require function
/******/ function __nccwpck_require__(moduleId) {
/******/ 	// Check if module is in cache
/******/ 	var cachedModule = __webpack_module_cache__[moduleId];
/******/ 	if (cachedModule !== undefined) {
/******/ 		return cachedModule.exports;
/******/ 	}
/******/ 	// Create a new module (and put it into the cache)
/******/ 	var module = __webpack_module_cache__[moduleId] = {
/******/ 		// no module.id needed
/******/ 		// no module.loaded needed
/******/ 		exports: {}
/******/ 	};
/******/ 
/******/ 	// Execute the module function
/******/ 	var threw = true;
/******/ 	try {
/******/ 		__webpack_modules__[moduleId](module, module.exports, __nccwpck_require__);
/******/ 		threw = false;
/******/ 	} finally {
/******/ 		if(threw) delete __webpack_module_cache__[moduleId];
/******/ 	}
/******/ 
/******/ 	// Return the exports of the module
/******/ 	return module.exports;
/******/ }
/******/ 
/******/ // expose the modules object (__webpack_modules__)
/******/ __nccwpck_require__.m = __webpack_modules__;
/******/ 
/************************************************************************/
/******/ /* webpack/runtime/asset-relocator-loader */
/******/ if (typeof __nccwpck_require__ !== 'undefined') __nccwpck_require__.ab = decodeURIComponent(new URL('.', import.meta.url).pathname).slice(import.meta.url.match(/^file:\/\/\/\w:/) ? 1 : 0, -1) + "/";
/******/ 
/******/ /* webpack/runtime/async module */
/******/ (() => {
/******/ 	var webpackQueues = typeof Symbol === "function" ? Symbol("webpack queues") : "__webpack_queues__";
/******/ 	var webpackExports = typeof Symbol === "function" ? Symbol("webpack exports") : "__webpack_exports__";
/******/ 	var webpackError = typeof Symbol === "function" ? Symbol("webpack error") : "__webpack_error__";
/******/ 	var resolveQueue = (queue) => {
/******/ 		if(queue && queue.d < 1) {
/******/ 			queue.d = 1;
/******/ 			queue.forEach((fn) => (fn.r--));
/******/ 			queue.forEach((fn) => (fn.r-- ? fn.r++ : fn()));
/******/ 		}
/******/ 	}
/******/ 	var wrapDeps = (deps) => (deps.map((dep) => {
/******/ 		if(dep !== null && typeof dep === "object") {
/******/ 			if(dep[webpackQueues]) return dep;
/******/ 			if(dep.then) {
/******/ 				var queue = [];
/******/ 				queue.d = 0;
/******/ 				dep.then((r) => {
/******/ 					obj[webpackExports] = r;
/******/ 					resolveQueue(queue);
/******/ 				}, (e) => {
/******/ 					obj[webpackError] = e;
/******/ 					resolveQueue(queue);
/******/ 				});
/******/ 				var obj = {};
/******/ 				obj[webpackQueues] = (fn) => (fn(queue));
/******/ 				return obj;
/******/ 			}
/******/ 		}
/******/ 		var ret = {};
/******/ 		ret[webpackQueues] = x => {};
/******/ 		ret[webpackExports] = dep;
/******/ 		return ret;
/******/ 	}));
/******/ 	__nccwpck_require__.a = (module, body, hasAwait) => {
/******/ 		var queue;
/******/ 		hasAwait && ((queue = []).d = -1);
/******/ 		var depQueues = new Set();
/******/ 		var exports = module.exports;
/******/ 		var currentDeps;
/******/ 		var outerResolve;
/******/ 		var reject;
/******/ 		var promise = new Promise((resolve, rej) => {
/******/ 			reject = rej;
/******/ 			outerResolve = resolve;
/******/ 		});
/******/ 		promise[webpackExports] = exports;
/******/ 		promise[webpackQueues] = (fn) => (queue && fn(queue), depQueues.forEach(fn), promise["catch"](x => {}));
/******/ 		module.exports = promise;
/******/ 		body((deps) => {
/******/ 			currentDeps = wrapDeps(deps);
/******/ 			var fn;
/******/ 			var getResult = () => (currentDeps.map((d) => {
/******/ 				if(d[webpackError]) throw d[webpackError];
/******/ 				return d[webpackExports];
/******/ 			}))
/******/ 			var promise = new Promise((resolve) => {
/******/ 				fn = () => (resolve(getResult));
/******/ 				fn.r = 0;
/******/ 				var fnQueue = (q) => (q !== queue && !depQueues.has(q) && (depQueues.add(q), q && !q.d && (fn.r++, q.push(fn))));
/******/ 				currentDeps.map((dep) => (dep[webpackQueues](fnQueue)));
/******/ 			});
/******/ 			return fn.r ? promise : getResult();
/******/ 		}, (err) => ((err ? reject(promise[webpackError] = err) : outerResolve(exports)), resolveQueue(queue)));
/******/ 		queue && queue.d < 0 && (queue.d = 0);
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/compat get default export */
/******/ (() => {
/******/ 	// getDefaultExport function for compatibility with non-harmony modules
/******/ 	__nccwpck_require__.n = (module) => {
/******/ 		var getter = module && module.__esModule ?
/******/ 			() => (module['default']) :
/******/ 			() => (module);
/******/ 		__nccwpck_require__.d(getter, { a: getter });
/******/ 		return getter;
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/create fake namespace object */
/******/ (() => {
/******/ 	var getProto = Object.getPrototypeOf ? (obj) => (Object.getPrototypeOf(obj)) : (obj) => (obj.__proto__);
/******/ 	var leafPrototypes;
/******/ 	// create a fake namespace object
/******/ 	// mode & 1: value is a module id, require it
/******/ 	// mode & 2: merge all properties of value into the ns
/******/ 	// mode & 4: return value when already ns object
/******/ 	// mode & 16: return value when it's Promise-like
/******/ 	// mode & 8|1: behave like require
/******/ 	__nccwpck_require__.t = function(value, mode) {
/******/ 		if(mode & 1) value = this(value);
/******/ 		if(mode & 8) return value;
/******/ 		if(typeof value === 'object' && value) {
/******/ 			if((mode & 4) && value.__esModule) return value;
/******/ 			if((mode & 16) && typeof value.then === 'function') return value;
/******/ 		}
/******/ 		var ns = Object.create(null);
/******/ 		__nccwpck_require__.r(ns);
/******/ 		var def = {};
/******/ 		leafPrototypes = leafPrototypes || [null, getProto({}), getProto([]), getProto(getProto)];
/******/ 		for(var current = mode & 2 && value; typeof current == 'object' && !~leafPrototypes.indexOf(current); current = getProto(current)) {
/******/ 			Object.getOwnPropertyNames(current).forEach((key) => (def[key] = () => (value[key])));
/******/ 		}
/******/ 		def['default'] = () => (value);
/******/ 		__nccwpck_require__.d(ns, def);
/******/ 		return ns;
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/define property getters */
/******/ (() => {
/******/ 	// define getter functions for harmony exports
/******/ 	__nccwpck_require__.d = (exports, definition) => {
/******/ 		for(var key in definition) {
/******/ 			if(__nccwpck_require__.o(definition, key) && !__nccwpck_require__.o(exports, key)) {
/******/ 				Object.defineProperty(exports, key, { enumerable: true, get: definition[key] });
/******/ 			}
/******/ 		}
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/ensure chunk */
/******/ (() => {
/******/ 	__nccwpck_require__.f = {};
/******/ 	// This file contains only the entry chunk.
/******/ 	// The chunk loading function for additional chunks
/******/ 	__nccwpck_require__.e = (chunkId) => {
/******/ 		return Promise.all(Object.keys(__nccwpck_require__.f).reduce((promises, key) => {
/******/ 			__nccwpck_require__.f[key](chunkId, promises);
/******/ 			return promises;
/******/ 		}, []));
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/get javascript chunk filename */
/******/ (() => {
/******/ 	// This function allow to reference async chunks
/******/ 	__nccwpck_require__.u = (chunkId) => {
/******/ 		// return url for filenames based on template
/******/ 		return "" + chunkId + ".index.js";
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/hasOwnProperty shorthand */
/******/ (() => {
/******/ 	__nccwpck_require__.o = (obj, prop) => (Object.prototype.hasOwnProperty.call(obj, prop))
/******/ })();
/******/ 
/******/ /* webpack/runtime/make namespace object */
/******/ (() => {
/******/ 	// define __esModule on exports
/******/ 	__nccwpck_require__.r = (exports) => {
/******/ 		if(typeof Symbol !== 'undefined' && Symbol.toStringTag) {
/******/ 			Object.defineProperty(exports, Symbol.toStringTag, { value: 'Module' });
/******/ 		}
/******/ 		Object.defineProperty(exports, '__esModule', { value: true });
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/import chunk loading */
/******/ (() => {
/******/ 	// no baseURI
/******/ 	
/******/ 	// object to store loaded and loading chunks
/******/ 	// undefined = chunk not loaded, null = chunk preloaded/prefetched
/******/ 	// [resolve, Promise] = chunk loading, 0 = chunk loaded
/******/ 	var installedChunks = {
/******/ 		792: 0
/******/ 	};
/******/ 	
/******/ 	var installChunk = (data) => {
/******/ 		var {ids, modules, runtime} = data;
/******/ 		// add "modules" to the modules object,
/******/ 		// then flag all "ids" as loaded and fire callback
/******/ 		var moduleId, chunkId, i = 0;
/******/ 		for(moduleId in modules) {
/******/ 			if(__nccwpck_require__.o(modules, moduleId)) {
/******/ 				__nccwpck_require__.m[moduleId] = modules[moduleId];
/******/ 			}
/******/ 		}
/******/ 		if(runtime) runtime(__nccwpck_require__);
/******/ 		for(;i < ids.length; i++) {
/******/ 			chunkId = ids[i];
/******/ 			if(__nccwpck_require__.o(installedChunks, chunkId) && installedChunks[chunkId]) {
/******/ 				installedChunks[chunkId][0]();
/******/ 			}
/******/ 			installedChunks[ids[i]] = 0;
/******/ 		}
/******/ 	
/******/ 	}
/******/ 	
/******/ 	__nccwpck_require__.f.j = (chunkId, promises) => {
/******/ 			// import() chunk loading for javascript
/******/ 			var installedChunkData = __nccwpck_require__.o(installedChunks, chunkId) ? installedChunks[chunkId] : undefined;
/******/ 			if(installedChunkData !== 0) { // 0 means "already installed".
/******/ 	
/******/ 				// a Promise means "currently loading".
/******/ 				if(installedChunkData) {
/******/ 					promises.push(installedChunkData[1]);
/******/ 				} else {
/******/ 					if(true) { // all chunks have JS
/******/ 						// setup Promise in chunk cache
/******/ 						var promise = import("./" + __nccwpck_require__.u(chunkId)).then(installChunk, (e) => {
/******/ 							if(installedChunks[chunkId] !== 0) installedChunks[chunkId] = undefined;
/******/ 							throw e;
/******/ 						});
/******/ 						var promise = Promise.race([promise, new Promise((resolve) => (installedChunkData = installedChunks[chunkId] = [resolve]))])
/******/ 						promises.push(installedChunkData[1] = promise);
/******/ 					}
/******/ 				}
/******/ 			}
/******/ 	};
/******/ 	
/******/ 	// no prefetching
/******/ 	
/******/ 	// no preloaded
/******/ 	
/******/ 	// no external install chunk
/******/ 	
/******/ 	// no on chunks loaded
/******/ })();
/******/ 
/************************************************************************/
/******/ 
/******/ // startup
/******/ // Load entry module and return exports
/******/ // This entry module used 'module' so it can't be inlined
/******/ var __webpack_exports__ = __nccwpck_require__(9407);
/******/ __webpack_exports__ = await __webpack_exports__;
/******/ 

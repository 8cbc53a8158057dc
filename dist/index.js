import { createRequire as __WEBPACK_EXTERNAL_createRequire } from "module";
/******/ var __webpack_modules__ = ({

/***/ 21916:
/***/ ((__unused_webpack_module, exports) => {

var __webpack_unused_export__;

__webpack_unused_export__ = true;
exports.Io = __webpack_unused_export__ = void 0;
var peq = new Uint32Array(0x10000);
var myers_32 = function (a, b) {
    var n = a.length;
    var m = b.length;
    var lst = 1 << (n - 1);
    var pv = -1;
    var mv = 0;
    var sc = n;
    var i = n;
    while (i--) {
        peq[a.charCodeAt(i)] |= 1 << i;
    }
    for (i = 0; i < m; i++) {
        var eq = peq[b.charCodeAt(i)];
        var xv = eq | mv;
        eq |= ((eq & pv) + pv) ^ pv;
        mv |= ~(eq | pv);
        pv &= eq;
        if (mv & lst) {
            sc++;
        }
        if (pv & lst) {
            sc--;
        }
        mv = (mv << 1) | 1;
        pv = (pv << 1) | ~(xv | mv);
        mv &= xv;
    }
    i = n;
    while (i--) {
        peq[a.charCodeAt(i)] = 0;
    }
    return sc;
};
var myers_x = function (b, a) {
    var n = a.length;
    var m = b.length;
    var mhc = [];
    var phc = [];
    var hsize = Math.ceil(n / 32);
    var vsize = Math.ceil(m / 32);
    for (var i = 0; i < hsize; i++) {
        phc[i] = -1;
        mhc[i] = 0;
    }
    var j = 0;
    for (; j < vsize - 1; j++) {
        var mv_1 = 0;
        var pv_1 = -1;
        var start_1 = j * 32;
        var vlen_1 = Math.min(32, m) + start_1;
        for (var k = start_1; k < vlen_1; k++) {
            peq[b.charCodeAt(k)] |= 1 << k;
        }
        for (var i = 0; i < n; i++) {
            var eq = peq[a.charCodeAt(i)];
            var pb = (phc[(i / 32) | 0] >>> i) & 1;
            var mb = (mhc[(i / 32) | 0] >>> i) & 1;
            var xv = eq | mv_1;
            var xh = ((((eq | mb) & pv_1) + pv_1) ^ pv_1) | eq | mb;
            var ph = mv_1 | ~(xh | pv_1);
            var mh = pv_1 & xh;
            if ((ph >>> 31) ^ pb) {
                phc[(i / 32) | 0] ^= 1 << i;
            }
            if ((mh >>> 31) ^ mb) {
                mhc[(i / 32) | 0] ^= 1 << i;
            }
            ph = (ph << 1) | pb;
            mh = (mh << 1) | mb;
            pv_1 = mh | ~(xv | ph);
            mv_1 = ph & xv;
        }
        for (var k = start_1; k < vlen_1; k++) {
            peq[b.charCodeAt(k)] = 0;
        }
    }
    var mv = 0;
    var pv = -1;
    var start = j * 32;
    var vlen = Math.min(32, m - start) + start;
    for (var k = start; k < vlen; k++) {
        peq[b.charCodeAt(k)] |= 1 << k;
    }
    var score = m;
    for (var i = 0; i < n; i++) {
        var eq = peq[a.charCodeAt(i)];
        var pb = (phc[(i / 32) | 0] >>> i) & 1;
        var mb = (mhc[(i / 32) | 0] >>> i) & 1;
        var xv = eq | mv;
        var xh = ((((eq | mb) & pv) + pv) ^ pv) | eq | mb;
        var ph = mv | ~(xh | pv);
        var mh = pv & xh;
        score += (ph >>> (m - 1)) & 1;
        score -= (mh >>> (m - 1)) & 1;
        if ((ph >>> 31) ^ pb) {
            phc[(i / 32) | 0] ^= 1 << i;
        }
        if ((mh >>> 31) ^ mb) {
            mhc[(i / 32) | 0] ^= 1 << i;
        }
        ph = (ph << 1) | pb;
        mh = (mh << 1) | mb;
        pv = mh | ~(xv | ph);
        mv = ph & xv;
    }
    for (var k = start; k < vlen; k++) {
        peq[b.charCodeAt(k)] = 0;
    }
    return score;
};
var distance = function (a, b) {
    if (a.length < b.length) {
        var tmp = b;
        b = a;
        a = tmp;
    }
    if (b.length === 0) {
        return a.length;
    }
    if (a.length <= 32) {
        return myers_32(a, b);
    }
    return myers_x(a, b);
};
exports.Io = distance;
var closest = function (str, arr) {
    var min_distance = Infinity;
    var min_index = 0;
    for (var i = 0; i < arr.length; i++) {
        var dist = distance(str, arr[i]);
        if (dist < min_distance) {
            min_distance = dist;
            min_index = i;
        }
    }
    return arr[min_index];
};
__webpack_unused_export__ = closest;


/***/ }),

/***/ 20770:
/***/ ((module, __unused_webpack_exports, __nccwpck_require__) => {

module.exports = __nccwpck_require__(20218);


/***/ }),

/***/ 20218:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {

var __webpack_unused_export__;


var net = __nccwpck_require__(69278);
var tls = __nccwpck_require__(64756);
var http = __nccwpck_require__(58611);
var https = __nccwpck_require__(65692);
var events = __nccwpck_require__(24434);
var assert = __nccwpck_require__(42613);
var util = __nccwpck_require__(39023);


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
        new Buffer(connectOptions.proxyAuth).toString('base64');
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

/***/ 53249:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   $t: () => (/* binding */ connectionError),
/* harmony export */   GI: () => (/* binding */ RequestError),
/* harmony export */   NG: () => (/* binding */ mayHaveStarted),
/* harmony export */   UU: () => (/* binding */ isUnkept),
/* harmony export */   gS: () => (/* binding */ problemError)
/* harmony export */ });
const CONNECTION_CODES = {
    no_connection: 'unreached',
    unknown_host: 'unreached',
    certificate: 'rejected',
    proxy_refused: 'rejected',
    connection_lost: 'maybe',
    timeout: 'maybe',
    unreadable: 'maybe',
    web_page: 'maybe',
    wrong_run: 'maybe',
    too_large: 'maybe',
    wrong_workflow: 'unusable',
    run_of_other_key: 'unusable',
};
class RequestError extends Error {
    failure;
    constructor(failure) {
        super(failure.code);
        this.failure = failure;
    }
}
function mayHaveStarted({ kind, code }) {
    return kind === 'maybe' || kind === 'failed' || kind === 'unusable' || code === 'locked';
}
function isUnkept({ kind, code }) {
    return kind === 'failed' || code === 'server_error';
}
function connectionError(code, more = {}) {
    return new RequestError({
        kind: CONNECTION_CODES[code],
        code,
        status: null,
        apiCode: '',
        detail: '',
        requestId: '',
        missingScopes: [],
        retryAfterMs: null,
        ...more,
    });
}
function problemError(status, isProblem, texts, retryAfterMs, cannotPay) {
    const code = cannotPay ? 'bucket_too_small' : codeOfStatus(status, texts.apiCode, isProblem);
    return new RequestError({
        kind: cannotPay ? 'rejected' : kindOfStatus(status, code, isProblem),
        code,
        status,
        ...texts,
        retryAfterMs,
    });
}
function kindOfStatus(status, code, isProblem) {
    if (status === 401)
        return 'unauthorised';
    if (status === 429 || code === 'locked')
        return 'unreached';
    if ((status === 502 || status === 503) && !isProblem)
        return 'unreached';
    if (status === 408 || status === 425)
        return 'maybe';
    if (status < 500 || status === 501)
        return 'rejected';
    return status === 500 || status === 505 ? 'failed' : 'maybe';
}
const API_CODES = new Map([
    ['api_key_revoked', 'key_revoked'],
    ['api_key_expired', 'key_expired'],
    ['user_inactive', 'account_disabled'],
    ['tenant_disabled', 'account_disabled'],
    ['insufficient_scope', 'missing_scopes'],
    ['idempotency_in_progress', 'locked'],
    ['invalid_idempotency_key', 'key_reused'],
]);
const STATUS_CODES = {
    400: 'invalid_request',
    401: 'invalid_key',
    402: 'payment_required',
    403: 'forbidden',
    404: 'not_found',
    407: 'proxy_refused',
    408: 'unavailable',
    409: 'key_reused',
    422: 'invalid_request',
    425: 'unavailable',
    429: 'rate_limited',
    501: 'not_implemented',
};
function codeOfStatus(status, apiCode, isProblem) {
    const code = status < 500 ? API_CODES.get(apiCode) : undefined;
    const byClass = status < 400 ? 'redirected' : status < 500 ? 'rejected' : isProblem ? 'server_error' : 'unavailable';
    return code ?? STATUS_CODES[status] ?? byClass;
}


/***/ }),

/***/ 30001:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  o: () => (/* binding */ createTransport)
});

// EXTERNAL MODULE: external "node:http"
var external_node_http_ = __nccwpck_require__(37067);
var external_node_http_default = /*#__PURE__*/__nccwpck_require__.n(external_node_http_);
// EXTERNAL MODULE: external "node:https"
var external_node_https_ = __nccwpck_require__(44708);
var external_node_https_default = /*#__PURE__*/__nccwpck_require__.n(external_node_https_);
;// CONCATENATED MODULE: external "node:tls"
const external_node_tls_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:tls");
// EXTERNAL MODULE: ./node_modules/@actions/http-client/lib/index.js
var lib = __nccwpck_require__(22779);
// EXTERNAL MODULE: ./src/api/errors.ts
var errors = __nccwpck_require__(53249);
;// CONCATENATED MODULE: ./src/api/transport.ts





const MAX_BODY_BYTES = 8 * 1024 * 1024;
function createTransport(userAgent) {
    return async ({ method, url, headers, body, timeoutMs, signal }) => {
        signal.throwIfAborted();
        const target = new URL(url);
        const library = target.protocol === 'https:' ? (external_node_https_default()) : (external_node_http_default());
        let request = null;
        let message = null;
        let isConnected = false;
        const chunks = [];
        const over = Promise.withResolvers();
        over.promise.catch(() => undefined);
        const timer = setTimeout(() => over.reject((0,errors/* connectionError */.$t)('timeout')), timeoutMs);
        const abort = () => over.reject(signal.reason);
        signal.addEventListener('abort', abort, { once: true });
        const send = (options, onMessage) => {
            request = library.request(options, onMessage);
            request.once('socket', (socket) => whenConnected(socket, () => (isConnected = true)));
            return request;
        };
        const exchange = async () => {
            const client = new lib/* HttpClient */.Qq();
            const options = {
                host: target.hostname,
                port: target.port,
                path: target.pathname + target.search,
                method,
                headers: { ...headers, 'user-agent': userAgent, 'accept-encoding': 'identity' },
                agent: client.getAgent(url),
            };
            const sent = client.requestRaw({
                options,
                parsedUrl: target,
                httpModule: Object.create(library, { request: { value: send } }),
            }, body);
            ({ message } = await sent);
            await readBody(message, chunks);
            return message;
        };
        try {
            return answerOf(await Promise.race([exchange(), over.promise]), chunks, null);
        }
        catch (error) {
            if (signal.aborted)
                throw signal.reason;
            const failure = toRequestError(error, isConnected);
            if (message === null)
                throw failure;
            return answerOf(message, chunks, failure.failure.code);
        }
        finally {
            clearTimeout(timer);
            signal.removeEventListener('abort', abort);
            request?.destroy();
        }
    };
}
function whenConnected(socket, then) {
    if (socket instanceof external_node_tls_namespaceObject.TLSSocket)
        socket.once('secureConnect', then);
    else if (socket.connecting)
        socket.once('connect', then);
    else
        then();
}
async function readBody(message, chunks) {
    let size = 0;
    for await (const chunk of message) {
        size += chunk.length;
        if (size > MAX_BODY_BYTES)
            throw (0,errors/* connectionError */.$t)('too_large');
        chunks.push(chunk);
    }
}
function answerOf(message, chunks, broken) {
    const status = message.statusCode ?? 0;
    const headers = Object.entries(message.headers).map(([name, value]) => [name, String(value)]);
    const isUsable = broken === null || status < 200 || status > 299;
    return {
        status,
        headers: new Map(headers),
        body: isUsable ? Buffer.concat(chunks) : new Uint8Array(),
        broken: isUsable ? null : broken,
    };
}
const CERTIFICATE_CODE = /^(CERT_|CRL_|ERR_TLS_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)|PATH_LENGTH_)/;
function toRequestError(error, isConnected) {
    if (error instanceof errors/* RequestError */.GI)
        return isConnected || error.failure.code !== 'timeout'
            ? error
            : (0,errors/* connectionError */.$t)('no_connection', { detail: 'ETIMEDOUT' });
    const { code = '', message } = error;
    const detail = /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : '';
    if (isConnected)
        return (0,errors/* connectionError */.$t)('connection_lost', { detail });
    const proxyStatus = Number(/statusCode=(\d{3})\b/.exec(message)?.[1] ?? 0);
    if (proxyStatus >= 400 && proxyStatus < 500)
        return (0,errors/* connectionError */.$t)('proxy_refused', { detail: String(proxyStatus) });
    if (code === 'ENOTFOUND')
        return (0,errors/* connectionError */.$t)('unknown_host', { detail });
    return (0,errors/* connectionError */.$t)(CERTIFICATE_CODE.test(code) ? 'certificate' : 'no_connection', { detail });
}


/***/ }),

/***/ 70529:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  dQ: () => (/* binding */ realClock),
  _R: () => (/* binding */ waitAtMost),
  pj: () => (/* binding */ withGrace),
  Bv: () => (/* binding */ withTimeLimit)
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
async function waitAtMost(clock, promise, ms, signal) {
    const over = new AbortController();
    try {
        return await Promise.race([
            promise,
            clock.sleep(ms, AbortSignal.any([signal, over.signal])).then(() => null),
        ]);
    }
    finally {
        over.abort();
    }
}
async function withTimeLimit(clock, signal, ms, work) {
    const limit = new AbortController();
    const over = new AbortController();
    abortAfter(clock, ms, limit, over.signal, new Error('no answer in time'));
    try {
        return await work(AbortSignal.any([signal, limit.signal]));
    }
    finally {
        over.abort();
    }
}
async function withGrace(clock, signal, ms, work) {
    const late = new AbortController();
    const over = new AbortController();
    const onAbort = () => abortAfter(clock, ms, late, over.signal, signal.reason);
    if (signal.aborted)
        onAbort();
    signal.addEventListener('abort', onAbort, { once: true, signal: over.signal });
    try {
        return await work(late.signal);
    }
    finally {
        over.abort();
    }
}
function abortAfter(clock, ms, controller, over, reason) {
    clock.sleep(ms, over).then(() => controller.abort(reason), () => undefined);
}


/***/ }),

/***/ 38541:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  iG: () => (/* binding */ ConditionError),
  AW: () => (/* binding */ FUNCTIONS),
  Ar: () => (/* binding */ MACROS),
  d3: () => (/* binding */ START),
  F9: () => (/* binding */ evaluateCondition),
  QU: () => (/* binding */ formOf)
});

// UNUSED EXPORTS: valueOf

// EXTERNAL MODULE: ./src/json.ts
var json = __nccwpck_require__(8301);
// EXTERNAL MODULE: ./src/text/format.ts
var format = __nccwpck_require__(98488);
;// CONCATENATED MODULE: ./src/gate/spelling.ts
const UNSEEN = /(?:[\d#*]\ufe0f?\u20e3|[\p{Extended_Pictographic}\p{Regional_Indicator}\p{Emoji_Modifier}\p{Default_Ignorable_Code_Point}]){1,999}/gu;
const DASH = /[\p{Pd}\u2212]/gu;
const DROPPED = /(?:[^\p{L}\p{M}\p{N}+<>=≥≤±%°-]|(?<=\p{N})-(?=\p{N})|-(?!\p{N}|(?<=[\p{L}\p{M}\p{N}]-)[^\p{L}\p{M}\p{N}+<>=≥≤±%°]*$)){1,999}/gu;
const GAP = /[ .]+/g;
const NUMBER = /\p{N}(?:[ .]*\p{N})*/gu;
const cache = new Map();
const MAX_CACHED = 10_000;
function spell(text) {
    const known = cache.get(text);
    if (known !== undefined)
        return known;
    const spelled = text
        .replaceAll(UNSEEN, '')
        .normalize('NFKC')
        .toLowerCase()
        .toUpperCase()
        .replaceAll(DASH, '-')
        .replaceAll(DROPPED, (found) => (/\S/.test(found) ? '.' : ' '))
        .replaceAll(/^[ .]+|[ .]+$/g, '');
    if (cache.size >= MAX_CACHED)
        cache.clear();
    if (text.length < 100)
        cache.set(text, spelled);
    return spelled;
}
const isCounted = (spelled) => /\p{L}|\p{N}.*\p{N}/su.test(spelled);
const BARE_AND_DIVIDED = /^[^.]*\n.*[ .].*[ .]/;
function areOneNumber(left, right) {
    return (left.replaceAll(' ', '') === right.replaceAll(' ', '') ||
        left.replaceAll('.', ' ') === right.replaceAll('.', ' ') ||
        BARE_AND_DIVIDED.test(`${left}\n${right}`) ||
        BARE_AND_DIVIDED.test(`${right}\n${left}`));
}
function areOne(left, right) {
    if (left.replaceAll(GAP, '') !== right.replaceAll(GAP, ''))
        return false;
    const numbers = right.match(NUMBER) ?? [];
    return (left.match(NUMBER) ?? []).every((number, at) => areOneNumber(number, numbers[at] ?? ''));
}
function areSpellings(left, right) {
    const spelled = spell(left);
    return isCounted(spelled) && areOne(spelled, spell(right));
}
function hasSpelling(text, part, operation) {
    const whole = spell(text);
    const wanted = spell(part).replace(operation === 'endsWith' ? /$/ : /-$/, '');
    if (!isCounted(wanted))
        return false;
    const start = operation === 'startsWith' ? '^' : /^\s/.test(part) ? '(?<![^ .])' : '';
    const end = operation === 'endsWith' ? '$' : /\s$/.test(part) ? '(?![^ .])' : '';
    const pattern = Array.from(wanted.replaceAll(GAP, ''), (one) => `[${one}]`).join('[ .]*');
    const search = new RegExp(`${start}(?=(${pattern})${end}(?!(?<=\\p{N})\\p{N}))`, 'gu');
    for (const { 1: found = '', index } of whole.matchAll(search)) {
        const around = whole.charAt(index - 1) + whole.charAt(index + found.length);
        const isAcross = found.replaceAll('.', ' ') !== wanted.replaceAll('.', ' ');
        if (!(isAcross && /[^ .]/.test(around)) && areOne(found, wanted))
            return true;
    }
    return false;
}
function quoteSpelling(text, part) {
    const pattern = Array.from(part.matchAll(/[\p{L}\p{N}]/gu), ([one]) => one).join('[^\\p{L}\\p{N}]*');
    const [found = text] = new RegExp(pattern, 'iu').exec(text) ?? [];
    return areSpellings(found, part) ? found : text;
}

;// CONCATENATED MODULE: ./src/gate/evaluate.ts



const START = { at: 0, source: '' };
class ConditionError extends Error {
    at;
    problem;
    constructor({ source, at }, cause) {
        super(cause.code);
        this.at = at;
        this.problem = { ...cause, source };
    }
}
function evaluateCondition(whole, scope) {
    const others = whole.name === 'filter' ? [] : null;
    const none = { items: [], others: null, tally: null, problem: null };
    try {
        const value = others ? runMacro(whole, scope, others) : evaluate_valueOf(whole, scope);
        const items = (0,json/* isList */.Lv)(value) ? value : [];
        const isFinding = (0,json/* isList */.Lv)(value) ? value.length > 0 : expect('boolean', whole, value);
        const tally = others && tallyValues(whole, [...items, ...others]);
        return { ...none, result: isFinding ? 'met' : 'not_met', items, others, tally };
    }
    catch (error) {
        if (!(error instanceof ConditionError))
            throw error;
        return { ...none, result: 'cannot_be_evaluated', problem: error.problem };
    }
}
function evaluate_valueOf(node, scope) {
    const { name, value, parts } = node;
    const [first, second, third] = parts;
    switch (name) {
        case 'literal':
            return value;
        case 'variable':
            return scope.variables[value] ?? null;
        case 'list':
            return parts.map((part) => evaluate_valueOf(part, scope));
        case 'object': {
            const values = parts.map((part) => evaluate_valueOf(part, scope));
            return Object.fromEntries(values.flatMap((one, at) => (at % 2 === 0 ? [[one, values[at + 1] ?? null]] : [])));
        }
        case '?:':
            return evaluate_valueOf(isTrue(first, scope) ? second : third, scope);
        case '&&':
            return isTrue(first, scope) && isTrue(second, scope);
        case '||':
            return isTrue(first, scope) || isTrue(second, scope);
        case '.':
            return getKey(node, objectOf(first, scope), value);
        case 'has':
            return hasKey(node, objectOf(first, scope), value, scope);
        case 'dyn':
            return evaluate_valueOf(first, scope);
        case '==':
        case '!=':
            return areEqual(node, evaluate_valueOf(first, scope), evaluate_valueOf(second, scope), scope) === (name === '==');
        case 'in':
            return isIn(node, evaluate_valueOf(first, scope), evaluate_valueOf(second, scope), scope);
        default:
            return MACROS.has(name) ? runMacro(node, scope, null) : operate(node, scope);
    }
}
function kindOf(value) {
    if (value === null)
        return 'null';
    if (typeof value === 'string')
        return 'text';
    if (typeof value === 'boolean')
        return 'boolean';
    if ((0,json/* isList */.Lv)(value))
        return 'list';
    return typeof value === 'number' || (0,json/* isExactNumber */.zr)(value) ? 'number' : 'object';
}
function expect(wanted, node, value) {
    if (kindOf(value) === wanted)
        return value;
    throw new ConditionError(node, { code: `not_${wanted}`, kind: kindOf(value) });
}
function objectOf(node, scope) {
    return expect('object', node, evaluate_valueOf(node, scope));
}
function isTrue(node, scope) {
    return expect('boolean', node, evaluate_valueOf(node, scope)) === true;
}
function toPlain(value, node) {
    const plain = (0,json/* isExactNumber */.zr)(value) ? Number(value.rawJSON) : value;
    if (typeof plain !== 'number' || Math.abs(plain) <= Number.MAX_SAFE_INTEGER)
        return plain;
    throw new ConditionError(node, { code: 'large_number' });
}
function noOperation(node, values) {
    return new ConditionError(node, { code: 'no_operation', kinds: values.map(kindOf) });
}
function getKey(node, object, key) {
    if (Object.hasOwn(object, key))
        return object[key] ?? null;
    throw new ConditionError(node, { code: 'missing_key', key, keys: Object.keys(object).slice(0, 200) });
}
function hasKey(node, object, key, scope) {
    return Object.hasOwn(object, key) || Object.keys(object).some((one) => areEqual(node, key, one, scope));
}
function isIn(node, value, whole, scope) {
    if ((0,json/* isJsonObject */.OW)(whole) && typeof value === 'string')
        return hasKey(node, whole, value, scope);
    if (!(0,json/* isList */.Lv)(whole))
        throw noOperation(node, [value, whole]);
    return whole.includes(value) || whole.some((item) => areEqual(node, value, item, scope));
}
function areEqual(node, left, right, scope) {
    scope.checkTime();
    if (node.parts.some(({ name, value }) => name === 'literal' && value === null))
        return left === right;
    const kind = kindOf(left);
    if (kind === 'null' || kind === 'object' || kind !== kindOf(right))
        throw noOperation(node, [left, right]);
    if (typeof left === 'string')
        return areEqualTexts(node, left, right, scope);
    if (!(0,json/* isList */.Lv)(left))
        return toPlain(left, node) === toPlain(right, node);
    const others = right;
    return (left.length === others.length && left.every((item, at) => areEqual(node, item, others[at] ?? null, scope)));
}
function bare(text) {
    return text.replaceAll(/[\ufe0e\ufe0f]/g, '');
}
function areEqualTexts(node, left, right, scope) {
    if (left === right || bare(left) === bare(right))
        return true;
    refuseSpelling(node, left, right, scope, Object.is);
    const form = formOf(left);
    if (form !== '' && (formOf(right) || form) !== form)
        throw twoForms(node, left, right);
    return false;
}
function refuseSpelling(node, left, right, { written, checkTime }, holds) {
    checkTime();
    const { name, parts } = node;
    const isSearch = SEARCHES.has(name);
    for (const part of parts) {
        const isLeft = part !== parts.at(-1);
        const [theirs, ours] = isLeft ? [left, right] : [right, left];
        const strings = written.get(part);
        if (!strings?.has(ours) || strings.has(theirs))
            continue;
        if (!(isSearch ? hasSpelling(left, right, name) : areSpellings(left, right)))
            continue;
        const isPart = isSearch && isLeft;
        if (isPart && Array.from(strings).some((one) => areSpellings(one, ours) && holds(theirs, one)))
            continue;
        const isInList = name.includes('=') ? parts.some((one) => one.name === 'list') : !isLeft && !isSearch;
        throw new ConditionError(node, {
            code: 'near_text',
            operation: isInList ? 'has' : isLeft || name.includes('=') ? name : 'in',
            theirs: isPart ? quoteSpelling(theirs, ours) : theirs,
            ours,
            subject: part.source,
        });
    }
}
const WHEN = /^(?:(\d{4}-\d\d-\d\d)(?:[T ](?=\d)|$))?(?:(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?$/;
function formOf(text) {
    const [whole = '', day = '2000-01-01', zone = ''] = WHEN.exec(text) ?? [];
    return whole !== '' && (0,format/* isDay */.N)(day)
        ? whole.slice(0, whole.length - zone.length).replaceAll(/\d/g, '0') + zone
        : '';
}
function dayOf(text) {
    const iso = text.replace(/^(\d\d)\.(\d\d)\.(\d{4})$/, '$3-$2-$1');
    return formOf(iso).startsWith('0000-') ? iso.slice(0, 10) : undefined;
}
function twoForms(node, left, right) {
    const haveDays = Math.min(left.length, right.length) === 10 && Boolean(dayOf(left) && dayOf(right));
    return new ConditionError(node, { code: 'two_forms', haveDays });
}
const OPERATIONS = {
    '!_ boolean': (value) => !value,
    '-_ number': (value) => -value,
    '+ text text': (a, b) => a + b,
    '+ list list': (a, b) => [...a, ...b],
    '+ number number': (a, b) => a + b,
    '- number number': (a, b) => a - b,
    '* number number': (a, b) => a * b,
    '% number number': (a, b) => (b === 0 ? undefined : a % b),
    '/ number number': (a, b) => (b === 0 ? undefined : a / b),
    '< number number': (a, b) => a < b,
    '<= number number': (a, b) => a <= b,
    '> number number': (a, b) => a > b,
    '>= number number': (a, b) => a >= b,
    '[] list number': (list, at) => list[at],
    '[] object text': (object, key, node) => getKey(node, object, key),
    'size text': (text) => Array.from(text).length,
    'size list': (list) => list.length,
    'size object': (object) => Object.keys(object).length,
    'keys object': Object.keys,
    'int number': Math.trunc,
    'int text': (text) => (/^[+-]?\d{1,15}$/.test(text) ? Number(text) : undefined),
    'double number': Number,
    'double text': (text) => (/^[+-]?\d{1,15}(?:\.\d+)?$/.test(text) ? Number(text) : undefined),
    'bool boolean': Boolean,
    'bool text': (text) => text === 'true' || (text === 'false' ? false : undefined),
    'string text': String,
    'string boolean': String,
    'string number': String,
    'day text': dayOf,
    'contains text text': (text, part) => bare(text).includes(bare(part)),
    'startsWith text text': (text, part) => bare(text).startsWith(bare(part)),
    'endsWith text text': (text, part) => bare(text).endsWith(bare(part)),
    'lowerAscii text': (text) => text.replaceAll(/[A-Z]+/g, (capitals) => capitals.toLowerCase()),
    'upperAscii text': (text) => text.replaceAll(/[a-z]+/g, (letters) => letters.toUpperCase()),
    'trim text': (text) => text.trim(),
    'flatten list': (list) => list.flat(),
    'flatten list number': (list, depth) => list.flat(depth),
};
const MACROS = new Set(['filter', 'map', 'all', 'exists', 'exists_one']);
const FUNCTIONS = [
    ...Object.keys(OPERATIONS).map((one) => one.replace(/ .*/, '')),
    ...MACROS,
    'has',
    'dyn',
];
const SEARCHES = new Set(['contains', 'startsWith', 'endsWith']);
const MAX_PART = 1_000;
function operate(node, scope) {
    const { name, parts } = node;
    const values = parts.map((part) => toPlain(evaluate_valueOf(part, scope), part));
    const [left, right] = values;
    const areTexts = typeof left === 'string' && typeof right === 'string';
    const isOrder = areTexts && /^[<>]/.test(name);
    if (isOrder && (formOf(left) === '' || formOf(left) !== formOf(right)))
        throw twoForms(node, left, right);
    const kinds = isOrder ? ['number', 'number'] : values.map(kindOf);
    const operation = OPERATIONS[[name, ...kinds].join(' ')];
    if (!operation)
        throw noOperation(node, values);
    const calculate = (...given) => operation(...[...given, node]);
    const isSearch = areTexts && SEARCHES.has(name);
    const result = isSearch && right.length > MAX_PART ? undefined : calculate(...values);
    if (result === undefined)
        throw new ConditionError(node, { code: 'no_value', operation: name });
    if (result === false && isSearch)
        refuseSpelling(node, left, right, scope, calculate);
    return toPlain(result, node);
}
function runMacro({ name, value, parts }, scope, others) {
    const [subject, first, second] = parts;
    const list = expect('list', subject, evaluate_valueOf(subject, scope));
    const variables = { ...scope.variables };
    const inner = { ...scope, variables };
    const made = [];
    let at = 0;
    try {
        for (const item of list) {
            at++;
            scope.checkTime();
            variables[value] = item;
            if (name === 'map' && !second)
                made.push(evaluate_valueOf(first, inner));
            else if (!isTrue(first, inner)) {
                if (name === 'all')
                    return false;
                others?.push(item);
            }
            else if (name === 'exists')
                return true;
            else
                made.push(second ? evaluate_valueOf(second, inner) : item);
        }
    }
    catch (error) {
        if (error instanceof ConditionError)
            error.problem = { item: { at, list: subject.source }, ...error.problem };
        throw error;
    }
    if (name === 'exists_one')
        return made.length === 1;
    return name === 'filter' || name === 'map' ? made : name === 'all';
}
function listComparedFields({ name, value, parts }, variable, isCompared = false) {
    if (name === '.' && parts[0]?.value === variable)
        return isCompared ? [value] : [];
    const operands = name === 'in' ? parts.slice(0, 1) : parts;
    const areCompared = /^(?:[=!]=|in)$/.test(name) || (isCompared && parts.length === 1);
    return operands.flatMap((part) => listComparedFields(part, variable, areCompared));
}
function tallyValues({ value: variable, parts }, items) {
    const [field] = parts.slice(1).flatMap((part) => listComparedFields(part, variable));
    if (field === undefined)
        return null;
    const counts = new Map();
    for (const item of items) {
        const value = (0,json/* isJsonObject */.OW)(item) ? item[field] : undefined;
        const text = typeof value === 'string' ? value : JSON.stringify(value);
        if (text === undefined)
            continue;
        counts.set(text, (counts.get(text) ?? 0) + 1);
        if (text.length > 40 || counts.size > 6)
            return null;
    }
    return counts.size === 0 ? null : { field, values: [...counts].sort(([, a], [, b]) => b - a) };
}


/***/ }),

/***/ 19373:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   j: () => (/* binding */ createRunner)
/* harmony export */ });
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(73024);
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__nccwpck_require__.n(node_fs__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var node_os__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(48161);
/* harmony import */ var node_os__WEBPACK_IMPORTED_MODULE_1___default = /*#__PURE__*/__nccwpck_require__.n(node_os__WEBPACK_IMPORTED_MODULE_1__);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(76760);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_2___default = /*#__PURE__*/__nccwpck_require__.n(node_path__WEBPACK_IMPORTED_MODULE_2__);
/* harmony import */ var _actions_core__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(70819);
/* harmony import */ var _text_escape_js__WEBPACK_IMPORTED_MODULE_4__ = __nccwpck_require__(67388);





const MAX_SUMMARY_BYTES = 1024 * 1024;
function createRunner(environment) {
    let folder;
    let properties = {};
    const { GITHUB_OUTPUT = '', GITHUB_STEP_SUMMARY = '', RUNNER_TEMP = '' } = environment;
    const checkOutputs = () => (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.appendFileSync)(GITHUB_OUTPUT, '\n');
    return {
        environment,
        mask: _actions_core__WEBPACK_IMPORTED_MODULE_3__/* .setSecret */ .Pq,
        line: ({ safe }) => _actions_core__WEBPACK_IMPORTED_MODULE_3__/* .info */ .pq(safe),
        debug: ({ safe }) => _actions_core__WEBPACK_IMPORTED_MODULE_3__/* .debug */ .Yz(safe),
        startGroup: ({ safe }) => _actions_core__WEBPACK_IMPORTED_MODULE_3__/* .startGroup */ .Oh(safe),
        endGroup: _actions_core__WEBPACK_IMPORTED_MODULE_3__/* .endGroup */ .N4,
        error: (message) => _actions_core__WEBPACK_IMPORTED_MODULE_3__/* .error */ .z3((0,_text_escape_js__WEBPACK_IMPORTED_MODULE_4__/* .escapeForAnnotation */ .KY)(message), properties),
        warning: (message) => _actions_core__WEBPACK_IMPORTED_MODULE_3__/* .warning */ .$e((0,_text_escape_js__WEBPACK_IMPORTED_MODULE_4__/* .escapeForAnnotation */ .KY)(message), properties),
        titleAnnotations: (title) => {
            properties = title === '' ? {} : { title: (0,_text_escape_js__WEBPACK_IMPORTED_MODULE_4__/* .escapeForAnnotation */ .KY)(title) };
        },
        checkOutputs,
        output: (name, value) => {
            if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(name))
                throw new Error('an output has a name that cannot be written');
            checkOutputs();
            _actions_core__WEBPACK_IMPORTED_MODULE_3__/* .setOutput */ .uH(name, value);
        },
        summary: (markdown) => {
            if (Buffer.byteLength(markdown) > MAX_SUMMARY_BYTES)
                throw new Error('the job summary is over 1 MiB');
            (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.appendFileSync)(GITHUB_STEP_SUMMARY, markdown);
        },
        writeFile: (name, text) => {
            folder ??= (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.mkdtempSync)((0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(RUNNER_TEMP === '' ? (0,node_os__WEBPACK_IMPORTED_MODULE_1__.tmpdir)() : RUNNER_TEMP, 'alloovium-'));
            const path = (0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(folder, name);
            const file = (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.openSync)(path, 'w', 0o600);
            try {
                for (const piece of typeof text === 'string' ? [text] : text)
                    (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.writeFileSync)(file, piece);
            }
            finally {
                (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.closeSync)(file);
            }
            return path;
        },
    };
}


/***/ }),

/***/ 79407:
/***/ ((module, __unused_webpack___webpack_exports__, __nccwpck_require__) => {

__nccwpck_require__.a(module, async (__webpack_handle_async_dependencies__, __webpack_async_result__) => { try {
/* harmony import */ var _api_transport_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(30001);
/* harmony import */ var _clock_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(70529);
/* harmony import */ var _outcome_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(34671);
/* harmony import */ var _text_redact_js__WEBPACK_IMPORTED_MODULE_5__ = __nccwpck_require__(53326);
/* harmony import */ var _github_runner_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(19373);
/* harmony import */ var _inputs_secrets_js__WEBPACK_IMPORTED_MODULE_6__ = __nccwpck_require__(73332);
/* harmony import */ var _main_js__WEBPACK_IMPORTED_MODULE_4__ = __nccwpck_require__(81246);







process.exitCode = 1;
const stop = new AbortController();
const crashes = [];
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(name, () => stop.abort(new _outcome_js__WEBPACK_IMPORTED_MODULE_2__/* .Ended */ .lj({ kind: 'interrupted', signal: name })));
for (const name of ['uncaughtException', 'unhandledRejection'])
    process.on(name, (error) => {
        process.exitCode = 1;
        crashes.push(error);
        stop.abort(error);
    });
process.on('beforeExit', () => stop.abort(new Error('the process ran out of work')));
for (const stream of [process.stdout, process.stderr])
    stream.on('error', () => undefined);
const environment = { ...process.env };
delete process.env.GITHUB_EVENT_PATH;
const exitCode = await (0,_main_js__WEBPACK_IMPORTED_MODULE_4__/* .run */ .e)({
    runner: (0,_github_runner_js__WEBPACK_IMPORTED_MODULE_3__/* .createRunner */ .j)(environment),
    transport: (0,_api_transport_js__WEBPACK_IMPORTED_MODULE_0__/* .createTransport */ .o)('alloovium-run-workflow-action'),
    fetch,
    clock: _clock_js__WEBPACK_IMPORTED_MODULE_1__/* .realClock */ .dQ,
    random: Math.random,
    signal: stop.signal,
    redact: (0,_text_redact_js__WEBPACK_IMPORTED_MODULE_5__/* .createRedactor */ .l)((0,_inputs_secrets_js__WEBPACK_IMPORTED_MODULE_6__/* .readCredentials */ .L1)(environment)),
});
process.exitCode = crashes.length === 0 ? exitCode : 1;
process.stdout.write('', () => process.exit());
setTimeout(() => process.exit(), 2_000).unref();

__webpack_async_result__();
} catch(e) { __webpack_async_result__(e); } }, 1);

/***/ }),

/***/ 73332:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   L1: () => (/* binding */ readCredentials),
/* harmony export */   iZ: () => (/* binding */ readApiKey),
/* harmony export */   ql: () => (/* binding */ readSecrets)
/* harmony export */ });
function readApiKey(environment) {
    return (environment.INPUT_API_KEY ?? '').trim() || (environment.ALLOOVIUM_API_KEY ?? '').trim();
}
function readCredentials(environment) {
    const wholes = [readApiKey(environment), (environment.INPUT_GITHUB_TOKEN ?? '').trim()];
    const parts = wholes.flatMap((whole) => [whole, ...whole.split(/\s+/)]);
    return keepLong(parts.flatMap((part) => [part, part.replace(/^["'`]+|["'`]+$/g, '')]));
}
function readSecrets(environment) {
    const passwords = Object.entries(environment)
        .filter(([name]) => /^https?_proxy$/i.test(name))
        .map(([, value = '']) => /^(?:[\w+.-]*:)?(?:\/\/)?[^:@/]*:(.*)@/.exec(value)?.[1] ?? '');
    return keepLong([...readCredentials(environment), ...passwords, ...passwords.map(decode)]);
}
function keepLong(secrets) {
    return [...new Set(secrets)].filter((secret) => secret.length >= 8);
}
function decode(text) {
    try {
        return decodeURIComponent(text);
    }
    catch {
        return text;
    }
}


/***/ }),

/***/ 8301:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Lv: () => (/* binding */ isList),
/* harmony export */   OW: () => (/* binding */ isJsonObject),
/* harmony export */   dj: () => (/* binding */ canonicalJson),
/* harmony export */   qF: () => (/* binding */ parseJson),
/* harmony export */   zr: () => (/* binding */ isExactNumber)
/* harmony export */ });
const json = JSON;
function isExactNumber(value) {
    return json.isRawJSON(value);
}
function isList(value) {
    return Array.isArray(value);
}
function isJsonObject(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value) && !isExactNumber(value);
}
function parseJson(text) {
    return json.parse(text, (_key, value, { source }) => typeof value === 'number' && source !== undefined && String(value) !== source
        ? json.rawJSON(source)
        : value);
}
function canonicalJson(value) {
    return JSON.stringify(value, (_key, part) => isJsonObject(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part);
}


/***/ }),

/***/ 81246:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  e: () => (/* binding */ run)
});

// EXTERNAL MODULE: ./src/clock.ts + 1 modules
var src_clock = __nccwpck_require__(70529);
// EXTERNAL MODULE: ./src/inputs/secrets.ts
var secrets = __nccwpck_require__(73332);
// EXTERNAL MODULE: ./src/outcome.ts
var src_outcome = __nccwpck_require__(34671);
// EXTERNAL MODULE: ./src/text/escape.ts
var text_escape = __nccwpck_require__(67388);
// EXTERNAL MODULE: ./src/text/format.ts
var text_format = __nccwpck_require__(98488);
// EXTERNAL MODULE: ./src/api/errors.ts
var errors = __nccwpck_require__(53249);
// EXTERNAL MODULE: external "node:buffer"
var external_node_buffer_ = __nccwpck_require__(4573);
// EXTERNAL MODULE: ./src/json.ts
var src_json = __nccwpck_require__(8301);
// EXTERNAL MODULE: ./src/text/redact.ts
var text_redact = __nccwpck_require__(53326);
;// CONCATENATED MODULE: ./src/api/wire.ts




function isEnded(run) {
    return ['completed', 'failed', 'cancelled'].includes(run.status);
}
function parseBody(body, redact) {
    if (countValues(body) > MAX_VALUES)
        throw (0,errors/* connectionError */.$t)('too_large');
    const text = new TextDecoder().decode(body);
    let parsed;
    try {
        parsed = (0,src_json/* parseJson */.qF)(text);
    }
    catch {
        throw (0,errors/* connectionError */.$t)(/^\s*</.test(text) ? 'web_page' : 'unreadable');
    }
    if (!(0,external_node_buffer_.isUtf8)(body) || !(0,src_json/* isJsonObject */.OW)(parsed) || isDeeper(parsed, MAX_DEPTH))
        throw (0,errors/* connectionError */.$t)('unreadable');
    const json = (0,text_redact/* redactJson */.K)(parsed, redact);
    return { json, hasSecret: json !== parsed };
}
const MAX_VALUES = 300_000;
const [QUOTE, BACKSLASH, COMMA, BRACKET, BRACE] = Buffer.from('"\\,[{');
function countValues(body) {
    let count = 1;
    let isInString = false;
    for (let at = 0; at < body.length; at++) {
        const byte = body[at];
        if (byte === QUOTE)
            isInString = !isInString;
        else if (isInString && byte === BACKSLASH)
            at++;
        else if (!isInString && (byte === COMMA || byte === BRACKET || byte === BRACE))
            count++;
    }
    return count;
}
const MAX_DEPTH = 100;
function isDeeper(value, levels) {
    if (typeof value !== 'object' || value === null)
        return false;
    return levels === 0 || Object.values(value).some((one) => isDeeper(one, levels - 1));
}
function parseLaunch(json, workflowId) {
    const runId = readId(json.run_id);
    if (runId === '')
        throw (0,errors/* connectionError */.$t)('unreadable');
    checkWorkflow(readId(json.workflow_id), workflowId, runId);
    return { runId, status: readText(json.status) };
}
function checkWorkflow(reported, expected, runId) {
    if (reported !== '' && expected !== '' && reported !== expected)
        throw (0,errors/* connectionError */.$t)('wrong_workflow', { detail: runId });
}
function parseRun(json, runId) {
    const status = readText(json.status);
    if (status === '')
        throw (0,errors/* connectionError */.$t)('unreadable');
    if (json.run_id !== runId)
        throw (0,errors/* connectionError */.$t)('wrong_run');
    const progress = readNumber(json.progress);
    return {
        runId,
        workflowId: readId(json.workflow_id),
        status,
        progress: progress === null ? null : Math.min(100, Math.max(0, progress)),
        stage: readText(json.stage),
        outputs: json.outputs,
        errorMessage: readText(json.error_message),
        startedAt: readTime(json.started_at),
        completedAt: readTime(json.completed_at),
    };
}
function parseWorkflows({ data }) {
    if (!(0,src_json/* isList */.Lv)(data))
        throw (0,errors/* connectionError */.$t)('unreadable');
    const workflows = data.filter(src_json/* isJsonObject */.OW).map((one) => ({
        id: readId(one.id),
        name: readText(one.name),
        enabled: one.enabled === true,
    }));
    return { workflows: workflows.filter(({ id }) => id !== '') };
}
function parseProblem(body, headers, redact) {
    let json = {};
    try {
        ({ json } = parseBody(body, redact));
    }
    catch {
    }
    const scopes = (0,src_json/* isList */.Lv)(json.missing_scopes) ? json.missing_scopes : [];
    return {
        isProblem: readText(json.code) !== '' || (headers.get('content-type') ?? '').includes('problem+json'),
        apiCode: toLine(readText(json.code), 64),
        detail: toLine(readText(json.detail) || readText(json.title), 500),
        requestId: readId(json.request_id),
        missingScopes: scopes.slice(0, 10).map((scope) => toLine(readText(scope), 64)),
        retryAfterSeconds: readNumber(json.retry_after_seconds),
    };
}
function parseRetryAfter(header, bodySeconds, nowMs) {
    const inHeader = /^\s*\d+(\.\d+)?\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - nowMs;
    const waits = [inHeader, (bodySeconds ?? NaN) * 1000].filter((ms) => !Number.isNaN(ms));
    if (waits.length === 0)
        return null;
    return Math.ceil(Math.max(0, ...waits));
}
function readHeaderNumber(headers, name) {
    const text = headers.get(name) ?? '';
    return /^\d{1,15}$/.test(text) ? Number(text) : null;
}
function toLine(text, maxLength) {
    return text.trim().replace(/\s+/g, ' ').slice(0, maxLength);
}
function readText(value) {
    return typeof value === 'string' ? value : '';
}
function readId(value) {
    const id = readText(value);
    return /^[A-Za-z0-9][\w.-]{0,127}$/.test(id) ? id : '';
}
function readTime(value) {
    const time = readText(value);
    return /^\d{4}-\d\d-\d\dT[\d:.]{5,20}(Z|[+-]\d\d:?\d\d)$/.test(time) && !Number.isNaN(Date.parse(time))
        ? time
        : '';
}
function readNumber(value) {
    const number = (0,src_json/* isExactNumber */.zr)(value) ? Number(value.rawJSON) : value;
    return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

;// CONCATENATED MODULE: ./src/api/client.ts




const COST = { launch: 25, check: 1 };
const LIST_MS = 15_000;
const GET = { method: 'GET', headers: {}, body: null };
function createClient({ transport, apiUrl, apiKey, clock, redact, debug }) {
    let tokensSpent = 0;
    let tokensLeft = Infinity;
    async function send({ path, ...request }, cost, parse) {
        const sentAt = clock.now();
        const result = [];
        try {
            const answer = await transport({
                ...request,
                url: `${apiUrl}/api/v2/workflows${path}`,
                headers: { accept: 'application/json', authorization: `Bearer ${apiKey}`, ...request.headers },
            });
            const { status, headers } = answer;
            const isReplay = headers.get('idempotent-replayed')?.toLowerCase() === 'true';
            const paid = readHeaderNumber(headers, 'x-ratelimit-cost') ?? cost;
            if (!isReplay) {
                tokensSpent += status === 429 ? 0 : paid;
                tokensLeft = readHeaderNumber(headers, 'x-ratelimit-remaining') ?? tokensLeft;
            }
            const left = Number.isFinite(tokensLeft) && `${tokensLeft} rate-limit tokens left`;
            result.push(String(status), isReplay ? 'replayed' : left);
            const serverDate = isReplay ? NaN : Date.parse(headers.get('date') ?? '');
            const nowMs = Number.isNaN(serverDate) ? clock.date() : serverDate;
            return { ...readAnswer(answer, Math.max(cost, paid), nowMs, redact, parse), isReplay };
        }
        catch (error) {
            result.push(describeFailure(error));
            throw error;
        }
        finally {
            const ms = Math.round(clock.now() - sentAt);
            debug((0,text_escape/* logLine */.BP) `${request.method} /api/v2/workflows${path}: ${(0,text_format/* joinPresent */.uE)(', ', ...result)}, ${ms} ms`);
        }
    }
    return {
        startRun: (workflowId, key, body, timeoutMs, signal) => {
            const path = `/${encodeURIComponent(workflowId)}/runs`;
            const headers = { 'content-type': 'application/json', 'idempotency-key': key };
            const request = { method: 'POST', path, headers, body, timeoutMs, signal };
            return send(request, COST.launch, (json) => parseLaunch(json, workflowId));
        },
        getRun: (runId, timeoutMs, signal) => {
            const path = `/runs/${encodeURIComponent(runId)}`;
            return send({ ...GET, path, timeoutMs, signal }, COST.check, (json) => parseRun(json, runId));
        },
        listWorkflows: (signal) => send({ ...GET, path: '?limit=20', timeoutMs: LIST_MS, signal }, COST.check, parseWorkflows),
        tokensSpent: () => tokensSpent,
        isShort: () => tokensLeft < COST.launch,
    };
}
function readAnswer({ status, headers, body, broken }, price, nowMs, redact, parse) {
    const askedMs = (bodySeconds) => parseRetryAfter(headers.get('retry-after') ?? '', bodySeconds, nowMs);
    if (status < 200 || status > 299) {
        const { retryAfterSeconds, isProblem, ...texts } = parseProblem(body, headers, redact);
        const bucket = readHeaderNumber(headers, 'x-ratelimit-limit') ?? Infinity;
        const cannotPay = status === 429 && price >= COST.launch && bucket < price;
        throw (0,errors/* problemError */.gS)(status, isProblem, texts, askedMs(retryAfterSeconds), cannotPay);
    }
    const retryAfterMs = askedMs(null);
    try {
        if (broken !== null)
            throw (0,errors/* connectionError */.$t)(broken);
        const { json, hasSecret } = parseBody(body, redact);
        return { ...parse(json), retryAfterMs, hasSecret };
    }
    catch (error) {
        if (!(error instanceof errors/* RequestError */.GI))
            throw error;
        throw new errors/* RequestError */.GI({ ...error.failure, status, retryAfterMs });
    }
}
function describeFailure(error) {
    if (!(error instanceof errors/* RequestError */.GI))
        return 'stopped';
    const { status, code, apiCode, detail, requestId } = error.failure;
    return (0,text_format/* joinPresent */.uE)(', ', code, apiCode, status === null && detail, requestId && `request ${requestId}`);
}

// EXTERNAL MODULE: external "node:http"
var external_node_http_ = __nccwpck_require__(37067);
var external_node_http_default = /*#__PURE__*/__nccwpck_require__.n(external_node_http_);
// EXTERNAL MODULE: external "node:https"
var external_node_https_ = __nccwpck_require__(44708);
var external_node_https_default = /*#__PURE__*/__nccwpck_require__.n(external_node_https_);
// EXTERNAL MODULE: ./node_modules/@actions/http-client/lib/proxy.js
var proxy = __nccwpck_require__(19783);
;// CONCATENATED MODULE: ./src/github/octokit.ts







const MAX_ATTEMPTS = 3;
const PAUSE_MS = 1_000;
const MAX_RETRY_AFTER_MS = 30_000;
const REQUEST_MS = 10_000;
async function callGithub(github, work) {
    const { clock, signal, repository } = github;
    const [owner = '', repo = ''] = repository.split('/');
    let pauseMs = 0;
    for (let attempt = 1;; attempt++) {
        try {
            await clock.sleep(pauseMs, signal);
            return await work(await connect(github), { owner, repo });
        }
        catch (error) {
            if (signal.aborted)
                throw new src_outcome/* GithubFailure */.Ed('out_of_time');
            if (error instanceof TypeError && error.cause === undefined)
                throw error;
            const failure = error instanceof src_outcome/* GithubFailure */.Ed ? error : readFailure(error, github.redact);
            const canRetry = failure.code === 'no_answer' || failure.code === 'rate_limited';
            pauseMs = Math.max(failure.retryAfterMs ?? 0, PAUSE_MS * attempt);
            const stop = (!canRetry && 'a repetition would fail too') ||
                (attempt === MAX_ATTEMPTS && `it failed ${MAX_ATTEMPTS} times`) ||
                (pauseMs > MAX_RETRY_AFTER_MS && `GitHub asks to wait ${(0,text_format/* formatDuration */.a3)(pauseMs)}`);
            const next = stop ? `no retry (${stop})` : `trying again in ${(0,text_format/* formatDuration */.a3)(pauseMs)}`;
            github.debug((0,text_escape/* logLine */.BP) `GitHub: ${(0,text_format/* joinPresent */.uE)(', ', failure.code, failure.message)}; ${next}`);
            if (stop)
                throw failure;
        }
    }
}
async function connect(github) {
    const { apiUrl, token } = github;
    if (token === '')
        throw new src_outcome/* GithubFailure */.Ed('no_token');
    useProxy(new URL(apiUrl));
    const { getOctokit } = await __nccwpck_require__.e(/* import() */ 351).then(__nccwpck_require__.bind(__nccwpck_require__, 61351));
    const ignore = () => undefined;
    const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
    return getOctokit(token, { baseUrl: apiUrl, request: { fetch: createFetch(github), log } });
}
function useProxy(url) {
    try {
        if ((0,proxy/* getProxyUrl */.s)(url) === undefined || isProxyUsed)
            return;
        if (!("setGlobalProxyFromEnv" in (external_node_http_default())))
            throw new src_outcome/* GithubFailure */.Ed('proxy_needs_newer_runner');
        const agents = [(external_node_http_default()).globalAgent, (external_node_https_default()).globalAgent];
        external_node_http_default().setGlobalProxyFromEnv(process.env);
        [(external_node_http_default()).globalAgent, (external_node_https_default()).globalAgent] = agents;
        isProxyUsed = true;
    }
    catch (error) {
        throw error instanceof src_outcome/* GithubFailure */.Ed ? error : new src_outcome/* GithubFailure */.Ed('proxy_invalid');
    }
}
let isProxyUsed = false;
function createFetch({ fetch, clock, signal, debug }) {
    return (url, init) => (0,src_clock/* withTimeLimit */.Bv)(clock, signal, REQUEST_MS, async (limited) => {
        const redirect = init?.redirect ?? 'error';
        const sentAt = clock.now();
        const log = (result) => {
            const { pathname, search } = new URL(url instanceof Request ? url.url : url);
            const ms = Math.round(clock.now() - sentAt);
            debug((0,text_escape/* logLine */.BP) `GitHub ${init?.method ?? 'GET'} ${pathname + search}: ${result}, ${ms} ms`);
        };
        const response = await fetch(url, { ...init, redirect, signal: limited }).catch((error) => {
            log('no answer');
            throw error;
        });
        const { status, headers } = response;
        const id = headers.get('x-github-request-id');
        const left = headers.get('x-ratelimit-remaining');
        log((0,text_format/* joinPresent */.uE)(', ', String(status), id && `request ${id}`, left && `rate limit: ${left} left`));
        const text = (await readBody(response.body)).toString();
        if (response.ok && response.status !== 204)
            JSON.parse(text);
        return new Response(text === '' ? null : text, response);
    });
}
const MAX_BODY_BYTES = 8 * 1024 * 1024;
async function readBody(body) {
    const chunks = [];
    let bytes = 0;
    for await (const chunk of body ?? []) {
        bytes += chunk.length;
        if (bytes > MAX_BODY_BYTES)
            throw new Error('the answer is over 8 MiB');
        chunks.push(chunk);
    }
    return Buffer.concat(chunks);
}
const CODES = {
    401: 'unauthorised',
    403: 'forbidden',
    404: 'not_found',
    429: 'rate_limited',
};
function readFailure(error, redact) {
    const octokitError = error;
    const { status, headers = {} } = octokitError.response ?? {};
    const message = redact(octokitError.message).replace(/ - https:\/\/docs\.github\.com\S*$|^\s*<.*/s, '');
    if (status === undefined)
        return new src_outcome/* GithubFailure */.Ed('no_answer', message);
    const retryAfterMs = Number(headers['retry-after'] ?? NaN) * 1_000;
    const isLimited = status === 403 && ('retry-after' in headers || headers['x-ratelimit-remaining'] === '0');
    const code = isLimited ? 'rate_limited' : (CODES[status] ?? (status < 500 ? 'rejected' : 'no_answer'));
    return new src_outcome/* GithubFailure */.Ed(code, message, status, Number.isNaN(retryAfterMs) ? null : retryAfterMs);
}

;// CONCATENATED MODULE: ./src/github/config.ts

const MAX_BYTES = 100 * 1024;
function fetchConfig(github, config, { defaultBranch }) {
    const [location = '', ref = ''] = config.split('@');
    const isOther = ref !== '';
    const [owner, repo, ...rest] = location.split('/');
    const path = isOther ? rest.join('/') : location;
    const repository = isOther ? `${owner}/${repo}` : github.repository;
    const branch = defaultBranch ? `\`${defaultBranch}\`` : 'the default branch';
    const name = isOther ? `\`${location}\` at \`${ref}\`` : `\`${path}\` on ${branch}`;
    return callGithub({ ...github, repository }, async ({ rest: { repos } }, one) => {
        const at = isOther ? { sha: ref } : {};
        const commits = await findOrNull(repos.listCommits({ ...one, ...at, per_page: 1 }), isOther);
        if (commits === null) {
            const text = `${name} cannot be read with this \`github_token\`: give the step a token that can read \`${repository}\`, and check the ref`;
            return { text, input: 'config', entry: '', place: 'workflow_file' };
        }
        const commit = commits[0]?.sha;
        if (!commit)
            throw new Error('there is no commit');
        const read = await config_readText(repos, one, path, commit);
        if ('text' in read)
            return { text: read.text, commit, name, place: 'config_file' };
        return { text: `${name} ${read.fault}`, input: 'config', entry: '', place: 'config_file' };
    });
}
function fetchOwnCopy(github, path, mergeCommit, governing) {
    const name = `\`${path}\` of this pull request`;
    const place = 'own_config_file';
    return callGithub(github, async ({ rest: { repos, git } }, repository) => {
        const copy = await config_readText(repos, repository, path, mergeCommit);
        const text = 'text' in copy ? copy.text : null;
        if (text !== null && text === governing)
            return null;
        const { data } = await git.getCommit({ ...repository, commit_sha: mergeCommit });
        const [base] = data.parents;
        if (base === undefined)
            throw new Error('the merge commit has no parent');
        const before = await config_readText(repos, repository, path, base.sha);
        if (JSON.stringify(before) === JSON.stringify(copy))
            return null;
        if (text !== null)
            return { text, commit: mergeCommit, name, place };
        return { text: `${name} ${'fault' in copy ? copy.fault : ''}`, input: 'config', entry: '', place };
    });
}
async function config_readText(repos, repository, path, ref) {
    const file = await findOrNull(repos.getContent({ ...repository, path, ref }));
    if (file === null)
        return { fault: 'does not exist: check the path' };
    if (!('content' in file))
        return { fault: 'is not a file' };
    if (file.size > MAX_BYTES)
        return { fault: 'is over 100 KB' };
    return { text: Buffer.from(file.content, 'base64').toString() };
}
async function findOrNull(call, isOther = false) {
    try {
        return (await call).data;
    }
    catch (error) {
        const { status } = error;
        if (status === 404 || (isOther && status === 403))
            return null;
        throw error;
    }
}

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __nccwpck_require__(73024);
;// CONCATENATED MODULE: ./src/github/context.ts



const MAX_READINGS = 11;
const REREAD_PAUSE_MS = 200;
async function readEvent(path, clock, signal) {
    for (let reading = 1; reading <= MAX_READINGS; reading++) {
        if (reading > 1)
            await clock.sleep(REREAD_PAUSE_MS, signal);
        try {
            return JSON.parse((0,external_node_fs_.readFileSync)(path, 'utf8'));
        }
        catch {
        }
    }
    return null;
}
const SHA = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
function readVariable(environment, name, pattern = /^/) {
    const value = environment[name] ?? '';
    if (pattern.test(value))
        return value;
    throw new src_outcome/* Ended */.lj({ kind: 'not_a_runner', variable: name });
}
function readContext(environment, payload) {
    const read = (name, pattern) => readVariable(environment, name, pattern);
    const repository = read('GITHUB_REPOSITORY', /^[^/\s]+\/[^/\s]+$/);
    const workflowRunId = read('GITHUB_RUN_ID', /^\d{1,20}$/);
    const attempt = Number(read('GITHUB_RUN_ATTEMPT', /^[1-9]\d{0,5}$/));
    const serverUrl = read('GITHUB_SERVER_URL', /^https?:\/\/[^/]/);
    const event = read('GITHUB_EVENT_NAME');
    const occasion = readOccasion(event, repository, environment, payload);
    const { commit, isOfCommit, secretsWithheld, isFork, namedPullRequest, pullRequest } = occasion;
    const { repository: { default_branch: defaultBranch = '' } = {}, pull_request, merge_group, } = payload ?? {};
    const base = pull_request?.base?.ref ?? merge_group?.base_ref?.replace('refs/heads/', '');
    const isMerge = base !== undefined && base === defaultBranch && event !== 'pull_request_target';
    return {
        repository,
        commit,
        keyScope: isOfCommit ? commit : `${commit}-${workflowRunId}`,
        event,
        ref: read('GITHUB_REF'),
        workflowRunId,
        attempt,
        workflowFile: read('GITHUB_WORKFLOW_REF').replace(/^[^/]+\/[^/]+\/|@.*$/gs, ''),
        job: read('GITHUB_JOB'),
        stepId: read('GITHUB_ACTION'),
        workflowName: read('GITHUB_WORKFLOW'),
        workflowRunUrl: `${serverUrl}/${repository}/actions/runs/${workflowRunId}/attempts/${attempt}`,
        serverUrl,
        githubApiUrl: read('GITHUB_API_URL', /^https?:\/\/[^/]/),
        defaultBranch,
        mergeCommit: isMerge ? read('GITHUB_SHA', SHA) : '',
        isPrivate: payload?.repository?.private === true,
        secretsWithheld,
        isFork,
        isSaveRequested: String(payload?.inputs?.save_baseline) === 'true',
        actor: read('GITHUB_TRIGGERING_ACTOR'),
        namedPullRequest,
        pullRequest,
    };
}
function readOccasion(event, repository, environment, payload) {
    const isDependabot = environment.GITHUB_ACTOR === 'dependabot[bot]';
    const occasion = {
        commit: readVariable(environment, 'GITHUB_SHA', SHA),
        isOfCommit: false,
        secretsWithheld: false,
        isFork: false,
        namedPullRequest: null,
        pullRequest: null,
    };
    const requireCommit = (commit = '') => {
        if (SHA.test(commit))
            return commit;
        throw new src_outcome/* Ended */.lj({ kind: 'no_commit' });
    };
    switch (event) {
        case 'push':
            return { ...occasion, isOfCommit: true, secretsWithheld: isDependabot };
        case 'merge_group':
            return { ...occasion, isOfCommit: true };
        case 'pull_request':
        case 'pull_request_target':
        case 'pull_request_review':
        case 'pull_request_review_comment': {
            const { number = null, head } = payload?.pull_request ?? {};
            const isFork = head?.repo?.full_name.toLowerCase() !== repository.toLowerCase();
            const commit = requireCommit(head?.sha);
            return {
                commit,
                isOfCommit: true,
                isFork,
                secretsWithheld: (isFork || isDependabot) && event !== 'pull_request_target',
                namedPullRequest: number,
                pullRequest: number === null ? null : { number, head: commit },
            };
        }
        case 'workflow_run':
            return { ...occasion, commit: requireCommit(payload?.workflow_run?.head_sha) };
        case 'issue_comment':
            if (payload === null)
                throw new src_outcome/* Ended */.lj({ kind: 'no_commit' });
            return { ...occasion, namedPullRequest: payload.issue?.pull_request ? payload.issue.number : null };
        default:
            return occasion;
    }
}
async function resolvePullRequest(github, context, given) {
    const { namedPullRequest, event, workflowRunId } = context;
    const number = given ?? namedPullRequest;
    if (number === null || context.pullRequest !== null)
        return context;
    const head = await callGithub(github, async (octokit, repository) => {
        const { data } = await octokit.rest.pulls.get({ ...repository, pull_number: number });
        if (!SHA.test(data.head.sha))
            throw new Error('the pull request has no head');
        return data.head.sha;
    });
    const commit = event === 'workflow_run' ? context.commit : head;
    return { ...context, commit, keyScope: `${commit}-${workflowRunId}`, pullRequest: { number, head } };
}
function isAtHead({ commit, pullRequest }) {
    return pullRequest === null || pullRequest.head === commit;
}

;// CONCATENATED MODULE: ./src/github/status.ts



const MAX_DESCRIPTION_LENGTH = 140;
async function setStatus(github, { sha, context, state, description, targetUrl }, pendingId = null) {
    try {
        return await callGithub(github, async (octokit, repository) => {
            if (pendingId !== null) {
                const latest = await findPending(octokit, { ...repository, ref: sha, per_page: 100 }, context);
                github.debug((0,text_escape/* logLine */.BP) `Status ${context}: own pending ${pendingId}, latest pending ${latest ?? 'none'}`);
                if (latest !== pendingId)
                    return { code: 'replaced' };
            }
            const { data } = await octokit.rest.repos.createCommitStatus({
                ...repository,
                sha,
                state,
                context,
                description: (0,text_escape/* truncate */.xv)(description, MAX_DESCRIPTION_LENGTH),
                target_url: targetUrl,
            });
            return { code: 'set', id: data.id };
        });
    }
    catch (error) {
        if (!(error instanceof src_outcome/* GithubFailure */.Ed))
            throw error;
        return { code: 'failed', failure: error };
    }
}
async function findPending(octokit, commit, context) {
    for (let page = 1;; page++) {
        const { data, headers } = await octokit.rest.repos.listCommitStatusesForRef({ ...commit, page });
        const found = data.find((one) => one.context === context && one.state === 'pending');
        if (found !== undefined)
            return found.id;
        if (headers.link?.includes('rel="next"') !== true)
            return null;
    }
}

// EXTERNAL MODULE: ./src/gate/evaluate.ts + 1 modules
var gate_evaluate = __nccwpck_require__(38541);
;// CONCATENATED MODULE: ./src/gate/condition.ts

const NAME = /^\s*(?!outputs\b)([\p{L}\p{N}][\p{L}\p{N} _.-]{0,63}?) *: /u;
const INVISIBLE = /[[\p{Cc}\p{Z}\p{Default_Ignorable_Code_Point}]--[\ufe0e\ufe0f \t]]/v;
async function compileGate(failIf, warnIf) {
    const faults = [];
    const compiled = [];
    for (const [severity, input] of [
        ['fail', failIf],
        ['warn', warnIf],
    ]) {
        if (input.trim() === '')
            continue;
        const { compileCondition } = await Promise.all(/* import() */[__nccwpck_require__.e(337), __nccwpck_require__.e(966)]).then(__nccwpck_require__.bind(__nccwpck_require__, 3966));
        for (const [index, text] of input.split(/\r\n|\r|\n/).entries()) {
            const line = index + 1;
            const [prefix = '', name = null] = NAME.exec(text) ?? [];
            const expression = text.slice(prefix.length);
            try {
                if (!checkLine(text, input))
                    continue;
                const other = compiled.find(({ condition }) => name !== null && condition.name === name)?.condition;
                if (other)
                    throw new gate_evaluate/* ConditionError */.iG(gate_evaluate/* START */.d3, {
                        code: 'duplicate_name',
                        severity: other.severity,
                        line: other.line,
                    });
                const evaluate = compileCondition(expression.padStart(text.length));
                compiled.push({ condition: { severity, name, expression: expression.trim(), line }, evaluate });
            }
            catch (error) {
                if (!(error instanceof gate_evaluate/* ConditionError */.iG))
                    throw error;
                const { at, problem } = error;
                faults.push({ input: `${severity}_if`, line, column: at + 1, expression: text, problem });
            }
        }
    }
    const gate = {
        conditions: compiled.map(({ condition }) => condition),
        evaluate: (outputs = null, checkTime = () => undefined) => compiled.map(({ condition, evaluate }) => ({ condition, ...evaluate(outputs, checkTime) })),
    };
    return { gate, faults };
}
function checkLine(line, input) {
    const at = line.search(INVISIBLE);
    if (at >= 0)
        throw new gate_evaluate/* ConditionError */.iG({ at, source: '' }, { code: 'invisible', character: line.charAt(at) });
    if (/^\s*#.*\boutputs\b/.test(line))
        throw new gate_evaluate/* ConditionError */.iG(gate_evaluate/* START */.d3, { code: 'comment_with_outputs' });
    if (/^\s*-\s/.test(line))
        throw new gate_evaluate/* ConditionError */.iG(gate_evaluate/* START */.d3, { code: 'dash' });
    if (/^\s*#/.test(line) && !/^[ \t]*[^#\s]/m.test(input))
        throw new gate_evaluate/* ConditionError */.iG(gate_evaluate/* START */.d3, { code: 'no_condition' });
    if (/^\s*(?:#|$)/.test(line))
        return false;
    const unfilled = line.indexOf('${{');
    if (unfilled >= 0)
        throw new gate_evaluate/* ConditionError */.iG({ at: unfilled, source: '' }, { code: 'unfilled' });
    return true;
}

;// CONCATENATED MODULE: ./src/gate/tests.ts



const MAX_TESTS = 50;
const MAX_MS = 4_000;
const KEYS = ['name', 'outputs', 'fails'];
function labelOf({ condition: { name, expression } }) {
    return name ?? expression;
}
function readTests(texts, typed, { conditions }) {
    if (!(0,src_json/* isList */.Lv)(texts) || !(0,src_json/* isList */.Lv)(typed))
        throw new src_outcome/* Fault */.vC('must be a list: `- name: …` with `outputs: { … }` and `fails: [ … ]` below');
    if (texts.length > MAX_TESTS)
        throw new src_outcome/* Fault */.vC(`has ${texts.length} tests; ${MAX_TESTS} are allowed`);
    const labels = conditions.map((condition) => labelOf({ condition }));
    return texts.map((test, at) => {
        const fault = (what) => new src_outcome/* Fault */.vC(`has test ${at + 1} ${what}`, at);
        const outputs = (0,src_json/* isJsonObject */.OW)(typed[at]) ? typed[at].outputs : null;
        if (!(0,src_json/* isJsonObject */.OW)(test) || Object.keys(test).some((key) => !KEYS.includes(key)))
            throw fault('that is not a mapping of `name`, `outputs` and `fails`');
        const { name, fails } = test;
        if (typeof name !== 'string' || (0,text_format/* isBlank */.z3)(name))
            throw fault('without a `name`');
        if (!(0,src_json/* isJsonObject */.OW)(outputs))
            throw fault('without `outputs`, a mapping');
        if (!(0,src_json/* isList */.Lv)(fails))
            throw fault('without `fails`, the list of conditions that must be met (`[]` for none)');
        const unknown = fails.find((label) => !labels.includes(label));
        if (unknown !== undefined)
            throw fault('whose `fails` names a condition that `fail_if` does not have');
        return { name, outputs, fails: fails };
    });
}
function runTests(tests, gate, now) {
    const began = now();
    const tooLong = new Error('the time is up');
    const checkTime = () => {
        if (now() - began > MAX_MS)
            throw tooLong;
    };
    return tests.flatMap((test, at) => {
        const failed = { ...test, at, met: [], broken: null, isTooSlow: false };
        try {
            checkTime();
            const evaluations = gate.evaluate(test.outputs, checkTime);
            const broken = evaluations.find(({ problem }) => problem !== null) ?? null;
            const met = evaluations.filter(({ result }) => result === 'met').map(labelOf);
            const isExpected = met.length === new Set(test.fails).size && met.every((label) => test.fails.includes(label));
            return broken || !isExpected ? [{ ...failed, met, broken }] : [];
        }
        catch (error) {
            if (error !== tooLong)
                throw error;
            return [{ ...failed, isTooSlow: true }];
        }
    });
}

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __nccwpck_require__(77598);
;// CONCATENATED MODULE: ./src/gate/identity.ts



function fieldsFor(lists, { name }) {
    return lists.get(name) ?? lists.get(null) ?? [];
}
function digestOf(value) {
    return (0,external_node_crypto_.hash)('sha256', JSON.stringify(value), 'base64url').slice(0, 12);
}
function digestScope(entry, { name, expression }, fields) {
    return digestOf([entry, name, name === null ? expression : '', fields]);
}
function digestItem(scope, item, fields) {
    const texts = fields.map((field) => readFieldText(item, field));
    return texts.includes(null) ? '' : digestOf([scope, texts]);
}
function readFieldText(item, field) {
    return (0,src_json/* isJsonObject */.OW)(item) && Object.hasOwn(item, field) ? formatText(item[field] ?? null) : null;
}
function formatText(value) {
    if (typeof value === 'string')
        return (0,text_format/* isBlank */.z3)(value) ? null : value;
    const isEmpty = (0,src_json/* isList */.Lv)(value) || (0,src_json/* isJsonObject */.OW)(value) ? Object.keys(value).length === 0 : value === null;
    return isEmpty ? null : (0,src_json/* canonicalJson */.dj)(value);
}

;// CONCATENATED MODULE: ./src/gate/waivers.ts




const MAX_WAIVERS = 500;
const MAX_COUNT = 1_000;
const waivers_KEYS = ['match', 'because', 'until', 'condition', 'count'];
function readWaivers(list) {
    if (!(0,src_json/* isList */.Lv)(list))
        throw new src_outcome/* Fault */.vC('must be a list: `- match: { document_id: …, clause: … }` with `because: …` below');
    if (list.length > MAX_WAIVERS)
        throw new src_outcome/* Fault */.vC(`has ${list.length} waivers; ${MAX_WAIVERS} are allowed`);
    return list.map((waiver, at) => readWaiver(waiver, at + 1));
}
function readWaiver(waiver, position) {
    const fault = (what) => new src_outcome/* Fault */.vC(`has waiver ${position} ${what}`, position - 1);
    if (!(0,src_json/* isJsonObject */.OW)(waiver) || !(0,src_json/* isJsonObject */.OW)(waiver.match))
        throw fault('without `match: { … }`, the fields of its finding');
    const unknown = Object.keys(waiver).find((key) => !waivers_KEYS.includes(key));
    if (unknown !== undefined) {
        const nearest = /^(?:reason|why|comment)$/i.test(unknown) ? 'because' : (0,text_format/* findNearest */.qg)(waivers_KEYS, unknown);
        throw fault(`with an unknown key ${JSON.stringify(unknown)}${nearest ? `: did you mean \`${nearest}\`?` : ''}`);
    }
    const asText = (value, key) => {
        if (value === undefined)
            throw fault(`without \`${key}\``);
        if (typeof value !== 'string' || (0,text_format/* isBlank */.z3)(value))
            throw fault(`whose \`${key}\` is empty or not a string`);
        return value;
    };
    const readText = (key) => asText(waiver[key], key).trim();
    const match = new Map(Object.entries(waiver.match).map(([field, text]) => [field, asText(text, 'match')]));
    if (match.size < 2)
        throw fault('with fewer than two fields in `match`, such as `document_id` and `clause`');
    const until = Object.hasOwn(waiver, 'until') ? readText('until') : null;
    if (until !== null && !(0,text_format/* isDay */.N)(until))
        throw fault('whose `until` is not a day such as `2026-12-31`');
    const count = Object.hasOwn(waiver, 'count') ? readText('count') : '1';
    if (!/^[1-9]\d{0,3}$/.test(count) || Number(count) > MAX_COUNT)
        throw fault(`whose \`count\` is not a whole number from 1 to ${MAX_COUNT}`);
    return {
        match,
        because: readText('because'),
        until,
        condition: Object.hasOwn(waiver, 'condition') ? readText('condition') : null,
        count: Number(count),
    };
}
function applyWaivers({ condition, items }, waivers, today, checkTime) {
    const applicable = waivers
        .filter((waiver) => waiver.condition === null || waiver.condition === condition.name)
        .map((waiver) => ({ waiver, hasEnded: waiver.until !== null && waiver.until < today, count: 0 }));
    const fields = [...new Set(applicable.flatMap(({ waiver }) => [...waiver.match.keys()]))];
    const wanted = applicable.map(({ waiver }) => fields.map((field) => waiver.match.get(field)));
    const used = new Set();
    const owners = items.map((item) => {
        checkTime();
        const texts = fields.map((field) => readFieldText(item, field));
        const fitting = applicable.filter((_, at) => wanted[at]?.every((text, nth) => text === undefined || text === texts[nth]));
        for (const { waiver } of fitting)
            used.add(waiver);
        const owner = fitting.find(({ hasEnded }) => !hasEnded) ?? fitting[0];
        if (owner)
            owner.count++;
        return owner;
    });
    const matched = [];
    const waived = [];
    for (const [at, value] of items.entries()) {
        const owner = owners[at];
        if (owner === undefined)
            matched.push({ value, remark: null });
        else if (owner.hasEnded)
            matched.push({ value, remark: { code: 'waiver_ended', until: owner.waiver.until ?? '' } });
        else if (owner.count <= owner.waiver.count)
            waived.push({ value, waiver: owner.waiver });
        else
            matched.push({
                value,
                remark: { code: 'waiver_exceeded', items: owner.count, count: owner.waiver.count },
            });
    }
    return { matched, waived, used };
}
const MAX_OFFERED = 20;
const MAX_TEXT = 200;
const UNSAFE = /\$\{\{|<!--|[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
function formatWaiversToCopy(items) {
    const quote = (text) => `'${text.replaceAll("'", "''")}'`;
    const waivers = items.slice(0, MAX_OFFERED).flatMap(({ entry, item, knownBy, condition }) => {
        const fields = knownBy.map((field) => [field, readFieldText(item, field) ?? '']);
        const texts = [...fields.flat(), condition ?? 'all'];
        const isSafe = texts.every((text) => text !== '' && text.length <= MAX_TEXT && !UNSAFE.test(text));
        if (!isSafe || fields.length === 0)
            return [];
        return [
            `- match:${/^[\w .-]+$/.test(entry) ? ` # ${entry}` : ''}`,
            ...fields.map(([field, text]) => `    ${/^[a-z_]{3,}$/.test(field) ? field : quote(field)}: ${quote(text)}`),
            ...(condition === null ? [] : [`  condition: ${quote(condition)}`]),
            "  because: ''",
        ];
    });
    return waivers.join('\n');
}

;// CONCATENATED MODULE: ./src/text/url-template.ts

const PLACEHOLDER = /\{([\w-]{1,64})\}/g;
const RUN_PLACEHOLDERS = ['run_id', 'workflow_id', 'project_id'];
function fillUrl(template, ids, item) {
    if (ids.runId === '')
        return '';
    const known = new Map([
        ['run_id', ids.runId],
        ['workflow_id', ids.workflowId],
        ['project_id', ids.runPlan.projectId],
    ]);
    const textOf = (name = '') => known.get(name) ?? readItemId(item, name);
    if (![...template.matchAll(PLACEHOLDER)].every(([, name]) => isUsableInUrl(textOf(name))))
        return '';
    return template.replace(PLACEHOLDER, (_found, name, at) => {
        const value = encodeURIComponent(textOf(name)).replace(/[!'()*]/g, percentEncode);
        return item !== null && template[at - 1] === '/' ? value.replace(/^[a-z]/i, percentEncode) : value;
    });
}
function readItemId(item, name) {
    const value = (0,src_json/* isJsonObject */.OW)(item) && Object.hasOwn(item, name) ? item[name] : null;
    if (typeof value === 'string')
        return value;
    const text = JSON.stringify(value ?? null);
    return /^-?\d+$/.test(text) ? text : '';
}
function isUsableInUrl(text) {
    return text.isWellFormed() && /^(?!\.\.?$)(?!.*\*{3}).{1,200}$/s.test(text);
}
function percentEncode(character) {
    return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

;// CONCATENATED MODULE: ./src/inputs/parsers.ts





const formatCode = (text) => `\`${text}\``;
function isEmpty(raw) {
    return raw === undefined || raw === null || (typeof raw === 'string' && raw.trim() === '');
}
function parseText(raw) {
    if (typeof raw !== 'string')
        throw new src_outcome/* Fault */.vC('must be a string: quote it');
    return raw;
}
function parseTrimmed(raw) {
    return parseText(raw).trim();
}
function parseCheckRunId(raw) {
    return /^\d{1,20}$/.exec(parseTrimmed(raw))?.[0] ?? '';
}
function parsePattern(pattern, message) {
    return (raw) => {
        const text = parseTrimmed(raw);
        if (!pattern.test(text))
            throw new src_outcome/* Fault */.vC(message);
        return text;
    };
}
const IDS = { workflow_id: ['wf_', 'an Alloovium workflow'], run_id: ['run_', 'a run'] };
function parseId(input, pattern, message) {
    const parseWhole = parsePattern(pattern, message);
    return (raw) => {
        const text = parseTrimmed(raw);
        for (const [other, [prefix, what]] of Object.entries(IDS))
            if (other !== input && text.startsWith(prefix))
                throw new src_outcome/* Fault */.vC(`is the ID of ${what}, which belongs in \`${other}\``);
        return parseWhole(raw);
    };
}
function parseProjectId(raw) {
    const message = "must be the project's ID from the Alloovium dashboard, not its name, or `none`";
    return isNone(raw) ? '' : parseId('project_id', /^[A-Za-z0-9][\w.-]{0,127}$/, message)(raw);
}
function parseChoice(...choices) {
    return (raw) => {
        const text = parseTrimmed(raw);
        const found = choices.find((choice) => choice === text);
        if (found === undefined)
            throw new src_outcome/* Fault */.vC(`must be ${choices.slice(0, -1).map(formatCode).join(', ')} or ${formatCode(choices.at(-1) ?? '')}`);
        return found;
    };
}
function parseBoolean(raw) {
    const text = parseTrimmed(raw);
    if (/^(?:true|True|TRUE)$/.test(text))
        return true;
    if (/^(?:false|False|FALSE)$/.test(text))
        return false;
    throw new src_outcome/* Fault */.vC('must be `true` or `false`');
}
const MAX_MINUTES = 1_200;
function parseMinutes(raw) {
    const text = parseTrimmed(raw);
    const minutes = /^\d{1,8}(?:\.\d{1,8})?$/.test(text) ? Number(text) : 0;
    if (minutes <= 0 || minutes > MAX_MINUTES)
        throw new src_outcome/* Fault */.vC(`must be a number of minutes above 0 and at most ${MAX_MINUTES}, such as \`15\` or \`0.5\``);
    return minutes * 60_000;
}
function parsePullRequest(raw) {
    const text = parseTrimmed(raw);
    if (!/^[1-9]\d{0,9}$/.test(text))
        throw new src_outcome/* Fault */.vC('must be the number of a pull request, such as `123`');
    return Number(text);
}
function parseApiKey(raw) {
    const key = parseTrimmed(raw);
    if (/^\W*(?:secrets|vars|env)[.[]/.test(key))
        throw new src_outcome/* Fault */.vC("is a secret's name, not its value: put `${{` before the name and `}}` after it");
    if (/^bearer\s|^["'`]|["'`]$/i.test(key))
        throw new src_outcome/* Fault */.vC('must be the API key alone, without quotes or `Bearer `');
    if (/^(?:gh[a-z]_|github_pat_)/.test(key))
        throw new src_outcome/* Fault */.vC('is a GitHub token, not an Alloovium API key (`ak_live_…` or `ak_test_…`): check which secret the step reads');
    if (!/^[\x21-\x7e]{8,}$/.test(key))
        throw new src_outcome/* Fault */.vC('must be 60 characters without spaces or line breaks (`ak_live_…` or `ak_test_…`): check how the secret was pasted');
    return key;
}
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;
function parseApiUrl(raw) {
    const text = parseTrimmed(raw);
    const url = URL.parse(text);
    const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.test(url.hostname));
    if (url === null || !isSafe || url.username + url.password !== '' || /[?#]/.test(text))
        throw new src_outcome/* Fault */.vC('must be an `https:` URL without user, query or fragment (`http:` only to this machine)');
    return url.origin + url.pathname.replace(/\/+$/, '');
}
function parseUrlTemplate(example, known) {
    return (raw) => {
        const text = parseTrimmed(raw);
        const plain = text.replace(PLACEHOLDER, 'x');
        const isUrl = /^https:\/\/[\w.-]+(?::\d{1,5})?\//.test(text) && URL.canParse(plain) && text.length <= 500;
        if (!isUrl || /[^\w.~:/?#%&=+,;@!-]/.test(plain) || /%[\dA-F]?\{/i.test(text))
            throw new src_outcome/* Fault */.vC(`must be an \`https:\` URL with its placeholders in the path, such as \`https://app.example.com/${example}\``);
        const names = [...text.matchAll(PLACEHOLDER)].map(([, name = '']) => name);
        if (known && !names.every((name) => known.includes(name)))
            throw new src_outcome/* Fault */.vC(`can have only the placeholders ${(0,text_format/* formatList */.ki)(known.map((name) => formatCode(`{${name}}`)))}`);
        return text;
    };
}
function isNone(raw) {
    return typeof raw === 'string' && raw.trim() === 'none';
}
function parseConditions(raw) {
    if (Array.isArray(raw) || (typeof raw === 'string' && /^\s*- /.test(raw)))
        throw new src_outcome/* Fault */.vC('is a list: write one condition per line below `fail_if: |`, without dashes');
    return isNone(raw) ? '' : parseText(raw);
}
function parseFieldLists(least, most) {
    return (raw) => {
        const lists = new Map();
        for (const line of parseText(raw).split(/[\r\n]+/)) {
            if (line.trim() === '')
                continue;
            const [, name, list = line] = /^([^,:]*):(.*)$/.exec(line) ?? [];
            const condition = name?.trim() ?? null;
            const fields = list.split(',').map((field) => field.trim());
            const isUsable = fields.length >= least && fields.length <= most && !fields.includes('');
            if (!isUsable || list.includes(';'))
                throw new src_outcome/* Fault */.vC(`needs ${least} to ${most} fields per line, separated by commas, such as \`document_id, clause, status\``);
            if (lists.has(condition) || new Set(fields).size < fields.length)
                throw new src_outcome/* Fault */.vC('has the same field twice, or two lines for the same condition');
            lists.set(condition, fields);
        }
        return lists;
    };
}
function parseMatrix(raw) {
    try {
        const values = JSON.parse(parseText(raw));
        if (values === null || (0,src_json/* isJsonObject */.OW)(values))
            return values;
    }
    catch {
    }
    throw new src_outcome/* Fault */.vC(NO_MAPPING);
}
const NO_MAPPING = 'must be a mapping of names to values, such as `start_date: 2026-04-01` (with a space after the colon)';
async function parseMapping(raw) {
    const value = typeof raw === 'string' ? (await readYaml(raw)).typed : raw;
    if (!(0,src_json/* isJsonObject */.OW)(value))
        throw new src_outcome/* Fault */.vC(NO_MAPPING);
    return value;
}
async function parseWaivers(raw) {
    return readWaivers(typeof raw === 'string' ? (await readYaml(raw)).texts : raw);
}
async function readYaml(text, typedKey = null) {
    const yaml = await Promise.all(/* import() */[__nccwpck_require__.e(815), __nccwpck_require__.e(950)]).then(__nccwpck_require__.bind(__nccwpck_require__, 88950));
    return yaml.readYaml(text, typedKey);
}

;// CONCATENATED MODULE: ./src/inputs/table.ts




function row(name, parser, fallback) {
    return { name, parser, fallback };
}
const NO_FIELDS = new Map();
const ENTRY_ROWS = {
    workflowId: row('workflow_id', parseId('workflow_id', /^wf_[\w.-]{1,125}$/, "must be the Alloovium workflow's ID from the dashboard, `wf_…`"), ''),
    projectId: row('project_id', parseProjectId, ''),
    inputs: row('inputs', parseMapping, {}),
    runId: row('run_id', parseId('run_id', /^run_[\w.-]{1,124}$/, "must be a run's ID, `run_…`"), ''),
    idempotencyKey: row('idempotency_key', parsePattern(/^[\w-]{1,100}$/, 'must be 1 to 100 characters `A-Z a-z 0-9 _ -`'), ''),
    failIf: row('fail_if', parseConditions, ''),
    warnIf: row('warn_if', parseConditions, ''),
    knownBy: row('known_by', parseFieldLists(2, 20), NO_FIELDS),
    waivers: row('waivers', parseWaivers, []),
    columns: row('columns', parseFieldLists(1, 8), NO_FIELDS),
};
const CONFIG_FORM = 'must be a path such as `.github/alloovium.yml`, or `owner/repository/path@ref`';
const STEP_ROWS = {
    apiKey: row('api_key', parseApiKey, ''),
    config: row('config', parsePattern(/^(?:[\w./-]{1,200}|[\w.-]+\/[\w.-]+\/[\w./-]{1,200}@[\w./-]{1,200})$/, CONFIG_FORM), ''),
    apiUrl: row('api_url', parseApiUrl, 'https://api.alloovium.com'),
    onRerun: row('on_rerun', parseChoice('resume', 'fresh'), 'resume'),
    wait: row('wait', parseBoolean, true),
    timeoutMs: row('timeout_minutes', parseMinutes, 15 * 60_000),
    runs: row('runs', parseText, ''),
    jobSummary: row('job_summary', parseBoolean, true),
    comment: row('comment', parseChoice('never', 'always', 'on_failure'), 'never'),
    matrix: row('matrix', parseMatrix, null),
    checkRunId: row('check_run_id', parseCheckRunId, ''),
    workflowRef: row('workflow_ref', parseTrimmed, ''),
    title: row('title', parsePattern(/^[^\r\n]{1,100}$/, 'must be one line of at most 100 characters'), ''),
    runUrl: row('run_url', parseUrlTemplate('runs/{run_id}', RUN_PLACEHOLDERS), ''),
    itemUrl: row('item_url', parseUrlTemplate('documents/{document_id}'), ''),
    githubToken: row('github_token', parsePattern(/^[\x21-\x7e]+$/, 'must be a token without spaces or line breaks: check how the secret was pasted'), ''),
    pullRequest: row('pull_request', parsePullRequest, null),
    commitStatus: row('commit_status', parsePattern(/^[^\p{C}\p{Zl}\p{Zp}]{1,100}$/u, 'must be one line of 1 to 100 printable characters'), ''),
    baseline: row('baseline', parsePattern(/^(?!refs\/|[-/])[\w./+@-]{1,200}$/, 'must be the name of a branch, such as `main`'), ''),
    onMissingKey: row('on_missing_key', parseChoice('fail', 'skip'), 'fail'),
};
const ALL_ROWS = { ...STEP_ROWS, ...ENTRY_ROWS };
function defaultsOf(rows) {
    const values = Object.entries(rows).map(([property, { fallback }]) => [property, fallback]);
    return Object.fromEntries(values);
}
const DEFAULTS = defaultsOf(STEP_ROWS);
const ENTRY_DEFAULTS = defaultsOf(ENTRY_ROWS);
const INPUT_NAMES = Object.values(ALL_ROWS).map(({ name }) => name);
const CONFIG_INPUTS = ['fail_if', 'warn_if', 'known_by', 'columns', 'waivers', 'baseline'];
const CONFIG_KEYS = [...CONFIG_INPUTS, 'tests'];
async function readRows(rows, rawOf, onFault) {
    const values = [];
    for (const [property, { name, parser }] of Object.entries(rows)) {
        const raw = rawOf(name);
        if (raw !== undefined && isEmpty(raw) && (name === 'fail_if' || name === 'project_id'))
            onFault(name, `is empty: is the variable or matrix key set? For none, leave it out or write \`none\``);
        if (isEmpty(raw))
            continue;
        try {
            values.push([property, await parser(raw)]);
        }
        catch (error) {
            if (!(error instanceof src_outcome/* Fault */.vC))
                throw error;
            onFault(name, error.message, { item: error.item });
        }
    }
    return Object.fromEntries(values);
}

;// CONCATENATED MODULE: ./src/inputs/runs.ts






const MAX_RUNS = 20;
const runs_NAME = /^[^\p{C}\p{Zl}\p{Zp}]{1,64}$/u;
const runs_KEYS = Object.values(ENTRY_ROWS).map(({ name }) => name);
async function readEntries(runs, defaults, onFault) {
    const entries = [];
    const gateFaults = new Map();
    const seen = new Map();
    const written = runs === null ? [['', {}]] : await readRuns(runs, onFault);
    for (const [name, fields] of written) {
        const values = await readEntry(name, fields, defaults, onFault);
        const { gate, faults } = await compileGate(values.failIf, values.warnIf);
        for (const one of faults) {
            const fault = { ...one, entry: one.input in fields ? name : '' };
            gateFaults.set(JSON.stringify(fault), fault);
        }
        entries.push({ ...values, name, gate });
        const fingerprint = (0,src_json/* canonicalJson */.dj)([planFieldsOf(values), values.failIf, values.warnIf]);
        const twin = seen.get(fingerprint);
        if (twin !== undefined)
            onFault('runs', `has the same review twice, “${twin}” and “${name}”: is one ID pasted twice?`);
        seen.set(fingerprint, name);
    }
    return { entries, gateFaults: [...gateFaults.values()] };
}
async function readRuns(text, onFault) {
    try {
        const { typed, texts } = await readYaml(text, 'inputs');
        const names = (0,src_json/* isJsonObject */.OW)(typed) ? Object.keys(typed) : [];
        if (!(0,src_json/* isJsonObject */.OW)(typed) || !(0,src_json/* isJsonObject */.OW)(texts) || names.length < 1 || names.length > MAX_RUNS)
            throw new src_outcome/* Fault */.vC(`must be a mapping of 1 to ${MAX_RUNS} names to runs, such as \`Tower: { project_id: 8f2e… }\``);
        return names.map((name) => {
            if (!runs_NAME.test(name))
                throw new src_outcome/* Fault */.vC('has a name that is not one line of 1 to 64 characters');
            if (typed[name] !== null && !(0,src_json/* isJsonObject */.OW)(typed[name]))
                throw new src_outcome/* Fault */.vC(`has an entry “${name}” that is not a mapping such as \`{ project_id: 8f2e… }\``);
            const { inputs } = typed[name] ?? {};
            return [name, { ...texts[name], ...(inputs !== undefined && { inputs }) }];
        });
    }
    catch (error) {
        if (!(error instanceof src_outcome/* Fault */.vC))
            throw error;
        onFault('runs', error.message);
        return [];
    }
}
function areKnownKeys(fields, known, onFault, entry) {
    const unknown = Object.keys(fields).filter((key) => !known.includes(key));
    for (const key of unknown) {
        const [start = ''] = key.split(':');
        const isGlued = key !== start && known.includes(start);
        const message = isGlued
            ? 'needs a space after its colon'
            : describeUnknown('is not a known key', known, key);
        onFault(toName(isGlued ? start : key), message, { entry });
    }
    return unknown.length === 0;
}
function toName(name) {
    return name.slice(0, 40).replaceAll(/[^\w-]/g, '?');
}
function describeUnknown(what, known, name) {
    const nearest = (0,text_format/* findNearest */.qg)(known, name);
    return nearest
        ? `${what}: did you mean \`${nearest}\`?`
        : `${what}. There are ${(0,text_format/* formatList */.ki)(known.map((one) => `\`${one}\``))}`;
}
const NO_WORKFLOW = 'is empty: is the variable or matrix key set? The Alloovium dashboard shows the ID, `wf_…`';
async function readEntry(name, fields, defaults, onFault) {
    areKnownKeys(fields, runs_KEYS, onFault, name);
    const own = await readRows(ENTRY_ROWS, (key) => fields[key], (input, message) => onFault(input, message, { entry: name }));
    if (own.runId)
        return {
            ...defaults,
            ...own,
            projectId: '',
            inputs: {},
            idempotencyKey: '',
            workflowId: own.workflowId ?? '',
        };
    const isOther = own.workflowId !== undefined && own.workflowId !== defaults.workflowId;
    if ((own.workflowId ?? defaults.workflowId) === '' && defaults.runId === '')
        onFault('workflow_id', NO_WORKFLOW, { entry: name });
    if (isOther && own.inputs === undefined && Object.keys(defaults.inputs).length > 0)
        onFault('inputs', 'must be given, since this entry has another `workflow_id` than the step (`inputs: {}` for none)', { entry: name });
    return { ...defaults, ...own, inputs: { ...(isOther ? {} : defaults.inputs), ...own.inputs } };
}
function planFieldsOf({ runId, workflowId, projectId, inputs, idempotencyKey }) {
    return { runId, workflowId, projectId, inputs, idempotencyKey };
}
function groupRunPlans(entries) {
    const groups = Map.groupBy(entries, (entry) => (0,src_json/* canonicalJson */.dj)(planFieldsOf(entry)));
    return [...groups.values()].map((group) => ({
        ...planFieldsOf(group[0]),
        entries: group,
    }));
}

;// CONCATENATED MODULE: ./src/inputs/inputs.ts









const NEEDED_TO_SEND = ['NODE_TLS_REJECT_UNAUTHORIZED', 'github_token', 'config', 'api_url'];
const NEEDED_BY_SINKS = ['title', 'comment', 'commit_status', 'pull_request'];
async function readInputs(environment, about, file) {
    const faults = [];
    const config = await readConfig(file, faults);
    const whereOf = (input, item) => `${file?.name}, line ${config.lineOf(input, item)}`;
    const isInFile = (input, entry) => entry === '' && input in config.values;
    const onFault = (input, message, { entry = '', item } = {}) => {
        if (faults.some((one) => one.input === input && one.entry === entry))
            return;
        const ofFile = file && isInFile(input, entry) ? file : null;
        const prefix = entry === '' ? '' : `Entry “${entry}”: `;
        const where = ofFile ? `${whereOf(input, item)}: ` : prefix;
        const text = `${where}\`${input}\` ${message}`;
        faults.push({ text, input, entry, place: ofFile?.place ?? 'workflow_file' });
    };
    findUnknownInputs(environment, onFault);
    areKnownKeys(config.values, CONFIG_KEYS, onFault, '');
    const stepText = (name) => name === 'api_key' ? (0,secrets/* readApiKey */.iZ)(environment) : environment[toVariable(name)];
    const ofConfig = (name) => CONFIG_INPUTS.includes(name) && name in config.values ? (config.values[name] ?? '') : undefined;
    findConfigConflicts(config.values, stepText, onFault);
    const given = (name) => ofConfig(name) ?? stepText(name);
    const leaking = listLeaking(given, (0,secrets/* readCredentials */.L1)(environment));
    for (const name of leaking)
        onFault(name, 'contains the API key or the GitHub token: take it out');
    const usable = (name) => (leaking.includes(name) ? undefined : given(name));
    const { runs, ...stepValues } = { ...DEFAULTS, ...(await readRows(STEP_ROWS, usable, onFault)) };
    const entryValues = { ...ENTRY_DEFAULTS, ...(await readRows(ENTRY_ROWS, usable, onFault)) };
    const hasRuns = !isEmpty(usable('runs'));
    const { entries, gateFaults } = await readEntries(hasRuns ? runs : null, entryValues, onFault);
    const values = { ...stepValues, ...entryValues };
    const isFaulty = (input) => faults.some((one) => one.input === input);
    for (const [isWrong, input, message] of listConflicts(values, entries, hasRuns, environment, about))
        if (isWrong && !(input === 'baseline' && isFaulty('known_by')))
            onFault(input, message);
    findUnknownConditions(entries, onFault);
    const { tests, gate } = await readGateTests(file, config.values, entryValues.failIf, onFault);
    const isUnfindable = faults.some(({ input, entry }) => entry === '' && NEEDED_BY_SINKS.includes(input));
    const inputs = {
        ...stepValues,
        ...(isUnfindable && { comment: 'never', commitStatus: '' }),
        hasRuns,
        fromConfig: Object.keys(config.values),
        runPlans: groupRunPlans(entries),
    };
    const placed = gateFaults.map((fault) => file && isInFile(fault.input, fault.entry)
        ? placeInFile(fault, file, config.lineOf(fault.input))
        : { ...fault, place: 'workflow_file', file: '' });
    return {
        inputs,
        faults,
        gateFaults: placed,
        runTests: (now) => runTests(tests, gate, now).map((failed) => ({ ...failed, where: whereOf('tests', failed.at) })),
    };
}
function findConfigConflicts(values, stepText, onFault) {
    for (const name of CONFIG_INPUTS.filter((one) => one in values)) {
        const text = stepText(name);
        if (!isEmpty(text) && !isNone(text))
            onFault(name, 'is an input of the step too: give it in one place');
        if (JSON.stringify(values[name]).includes('${{'))
            onFault(name, 'contains `${{`, which nothing fills in here');
    }
}
async function readGateTests(file, { fail_if: ofFile, tests: texts }, failIf, onFault) {
    const { gate, faults } = await compileGate(failIf, '');
    const none = { tests: [], gate };
    if (!file || texts === undefined || faults.length > 0)
        return none;
    try {
        if (ofFile === undefined)
            throw new src_outcome/* Fault */.vC('needs `fail_if` in the same file');
        const { typed } = await readYaml(file.text, 'outputs');
        return { tests: readTests(texts, typed.tests ?? null, gate), gate };
    }
    catch (error) {
        if (!(error instanceof src_outcome/* Fault */.vC))
            throw error;
        onFault('tests', error.message, { item: error.item });
        return none;
    }
}
function listLeaking(given, secrets) {
    const contains = (name, secret) => JSON.stringify(given(name) ?? '').includes(secret);
    return INPUT_NAMES.filter((name) => name !== 'api_key' && name !== 'github_token' && secrets.some((secret) => contains(name, secret)));
}
function placeInFile(fault, { text, name, place }, firstLine) {
    const line = firstLine + fault.line - 1;
    const whole = text.split(/\r\n|\r|\n/)[line - 1] ?? '';
    const indent = whole.indexOf(fault.expression);
    const shown = indent < 0 ? {} : { expression: whole, column: fault.column + indent };
    return { ...fault, ...shown, line, place, file: name };
}
const NEEDS_END = 'needs the end of the run, so it cannot be used with `wait: false`';
const NEEDS_KNOWN_BY = 'needs `known_by`, the fields that make two findings the same, such as `known_by: document_id, clause, status`';
const NEEDS_TOKEN = 'needs `github_token`, which is empty';
function listConflicts(values, entries, hasRuns, environment, { event, namedPullRequest: named }) {
    const { wait, onRerun, baseline, commitStatus, githubToken, pullRequest, matrix } = values;
    const has = (test) => entries.some(test);
    return [
        [hasRuns && values.runId !== '', 'run_id', 'has no effect with `runs`: give it in an entry'],
        [!wait && has(({ failIf }) => failIf !== ''), 'fail_if', NEEDS_END],
        [!wait && has(({ warnIf }) => warnIf !== ''), 'warn_if', NEEDS_END],
        [!wait && has(({ runId }) => runId !== ''), 'run_id', NEEDS_END],
        [!wait && commitStatus !== '', 'commit_status', NEEDS_END],
        [
            onRerun === 'fresh' && has(({ idempotencyKey }) => idempotencyKey !== ''),
            'idempotency_key',
            'cannot be used with `on_rerun: fresh`, which makes an idempotency key for each attempt',
        ],
        [baseline !== '' && has(lacksKnownBy), 'baseline', NEEDS_KNOWN_BY],
        [
            commitStatus !== '' && has(({ runId, idempotencyKey }) => runId + idempotencyKey !== ''),
            'commit_status',
            'cannot be used with `run_id` or `idempotency_key`: the run may be of another commit',
        ],
        [
            commitStatus !== '' &&
                matrix !== null &&
                !listLeaves(matrix).some((text) => text !== '' && commitStatus.includes(text)),
            'commit_status',
            'must contain a value of the matrix, or each matrix job overwrites the status of the others',
        ],
        [
            /ak_(?:live|test)_/.test(githubToken) ||
                (githubToken !== '' && githubToken === (0,secrets/* readApiKey */.iZ)(environment)),
            'github_token',
            'is the Alloovium API key, not a GitHub token: check which secret the step reads',
        ],
        [commitStatus !== '' && githubToken === '', 'commit_status', NEEDS_TOKEN],
        [pullRequest !== null && githubToken === '', 'pull_request', NEEDS_TOKEN],
        [
            pullRequest !== null && event === 'merge_group',
            'pull_request',
            'cannot be used in a merge queue, whose commit belongs to several pull requests',
        ],
        [
            pullRequest !== null && named !== null && pullRequest !== named,
            'pull_request',
            `is not the pull request of this event, #${named}: leave it out`,
        ],
        [
            environment.NODE_TLS_REJECT_UNAUTHORIZED === '0',
            'NODE_TLS_REJECT_UNAUTHORIZED',
            'is 0, so the API key could go to any server. Take it out; for a private CA, set NODE_EXTRA_CA_CERTS to its file',
        ],
    ];
}
function listLeaves(value) {
    return typeof value === 'object' && value !== null
        ? Object.values(value).flatMap(listLeaves)
        : [String(value)];
}
function lacksKnownBy({ gate, knownBy }) {
    const gated = gate.conditions.filter(({ severity }) => severity === 'fail');
    return gated.length > 0 && gated.every(({ name }) => !knownBy.has(name) && !knownBy.has(null));
}
function findUnknownConditions(entries, onFault) {
    const names = entries.flatMap(({ gate }) => gate.conditions.map(({ name }) => name));
    const check = (input, wanted) => {
        const unknown = [...wanted].find((name) => name !== null && !names.includes(name)) ?? null;
        const known = names.filter((name) => name !== null);
        const nearest = unknown && (0,text_format/* findNearest */.qg)(known, unknown);
        if (unknown !== null)
            onFault(input, `names a condition that does not exist${nearest ? `: did you mean “${nearest}”?` : ''}`);
    };
    for (const { knownBy, columns, waivers } of entries) {
        check('known_by', knownBy.keys());
        check('columns', columns.keys());
        check('waivers', waivers.map(({ condition }) => condition));
    }
}
async function readConfig(file, faults) {
    const none = { values: {}, lineOf: () => 1 };
    if (file === undefined)
        return none;
    try {
        const { texts, lineOf } = await readYaml(file.text, '');
        if ((0,src_json/* isJsonObject */.OW)(texts))
            return { values: texts, lineOf };
        throw new src_outcome/* Fault */.vC(`must be a mapping with keys of ${(0,text_format/* formatList */.ki)(CONFIG_KEYS.map((key) => `\`${key}\``))}`);
    }
    catch (error) {
        if (!(error instanceof src_outcome/* Fault */.vC))
            throw error;
        faults.push({ text: `${file.name} ${error.message}`, input: 'config', entry: '', place: file.place });
        return none;
    }
}
function findUnknownInputs(environment, onFault) {
    const known = [...INPUT_NAMES.map(toVariable), 'INPUT_METHOD'];
    for (const [variable, value] of Object.entries(environment)) {
        if (!variable.startsWith('INPUT_') || known.includes(variable) || isEmpty(value))
            continue;
        const name = variable.slice('INPUT_'.length).toLowerCase();
        onFault(toName(name), describeUnknown('is not an input', INPUT_NAMES, name));
    }
}
function toVariable(name) {
    return `INPUT_${name.toUpperCase()}`;
}

;// CONCATENATED MODULE: ./src/report/problems.ts

const AS_LINES = 'write one condition per line below `fail_if: |`';
const OWN_LINE = 'write a comment on a line of its own that begins with `#`';
const NO_CLOCK = 'a condition has no clock, so let the Alloovium workflow return what is overdue';
const COMPARE = 'compare it with a value, with `==` or `<`';
const LONG_PART = 'it looks for more than 1,000 characters, so let the Alloovium workflow return less';
const IF_NULL = 'if it may be null, check `x != null && …` first';
const FUNCTIONS = {
    length: 'write `size(x)`',
    len: 'write `size(x)`',
    count: 'write `size(x)`, or `size(x.filter(i, …))`',
    includes: 'write `x.contains("a")` for a string, `"a" in x` for a list',
    matches: 'write `contains("x")` or `startsWith("x")`, since a regular expression can take hours',
    now: NO_CLOCK,
    today: NO_CLOCK,
    toLowerCase: 'write `lowerAscii()`',
};
const VARIABLES = {
    now: NO_CLOCK,
    i: 'name the item before the comma: `filter(i, i.status == "x")`',
    None: 'write `null`',
    undefined: 'write `null` for null, `!has(x.key)` for a missing key',
};
const RESULT_TYPES = {
    'list<bool>': 'write `filter` in place of `map`',
    string: 'remove the quotes around the condition, and any `? :`',
};
const NO_VALUE = {
    '/': 'it divides by 0, so check `y != 0 && …` first',
    '%': 'it divides by 0, so check `y != 0 && …` first',
    '[]': 'check `size(x) > 0 && …` first',
    contains: LONG_PART,
    startsWith: LONG_PART,
    endsWith: LONG_PART,
    int: '`double(x)` reads a fraction; otherwise let the Alloovium workflow return a number',
    day: 'let the Alloovium workflow return 2026-12-31, 31.12.2026 or 2026-12-31T10:00:00Z',
};
function suggest(name, known) {
    const nearest = (0,text_format/* findNearest */.qg)(known, name, Math.min(2, Math.floor(name.length / 3)));
    return nearest && `did you mean ${quote(nearest)}?`;
}
const SENTENCES = {
    no_condition: () => ['the input has only comments', 'write a condition, or remove the input'],
    dash: () => ['the line begins with `-`', `${AS_LINES}, without dashes`],
    comment_with_outputs: () => [
        'this comment contains the word `outputs`, and below `>`, YAML would join it with the next condition',
        'write `|` in place of `>`, and the comment without that word',
    ],
    comment_behind: () => ['a comment follows the condition', OWN_LINE],
    unfilled: () => ['GitHub replaces `${{ … }}` only in a GitHub workflow file', 'write the value'],
    invisible: ({ character }) => [
        `there is an invisible character, ${quote(character)}`,
        'delete it, or write a plain space',
    ],
    duplicate_name: ({ severity, line }) => [
        `line ${line} of \`${severity}_if\` has the same name`,
        'give each condition its own name',
    ],
    syntax: (_, __, line) => SYNTAX.find(([place]) => place.test(line))?.slice(1) ?? [
        'this is not expected here',
        'a condition is like `outputs.items.filter(i, i.status == "rejected")`; write a key that is not a plain name as `outputs["the key"]`',
    ],
    unknown_function: ({ name, known }) => [
        `there is no \`${name}()\``,
        FUNCTIONS[name] ?? suggest(name, known) ?? 'docs/conditions.md lists the functions',
    ],
    unknown_variable: ({ name, known }) => [
        `there is no variable \`${name}\``,
        VARIABLES[name] ??
            suggest(name, known) ??
            `write a string in quotes (\`"${name}"\`), a value of the run as \`outputs.${name}\` or \`outputs["a-b"]\`, and a field of an item as \`i.${name}\``,
    ],
    types: ({ error, sentence }) => [
        `the type checker says ${quote(sentence)}`,
        error === 'invalid_macro_argument'
            ? 'write `has(outputs.a)`, or `"a-b" in outputs`'
            : 'an operator takes values of one kind: `x == "a" || x == "b"`, `60 < x && x < 80`, `!(x == "a")`, `x in ["a"]`, `size(list) > 0`',
    ],
    result_type: ({ type }, part) => [
        `${part} is neither true or false nor a list of findings`,
        RESULT_TYPES[type] ?? COMPARE,
    ],
    literal: (_, part) => [
        `${part} is of a kind that JSON does not have`,
        'write a string in quotes, or a number',
    ],
    empty_text: (_, part) => [
        `${part} is empty, or stands for a value`,
        'write the value (an unset `${{ }}` leaves an empty string); for an empty value, write `size(x) == 0`',
    ],
    never_ordered: (_, part) => [
        `${part} is neither a day nor a time, and other strings have no order`,
        'write a day as `"2026-12-31"`, a number without quotes, and order words by numbers: `{"low": 1, "high": 2}[i.severity] > 1`',
    ],
    no_outputs: () => ['the condition does not read `outputs`', 'write `outputs.<key>` for a value of the run'],
    all_alone: ({ filter, exists }) => [
        '`all` is true if every item is so, but a condition describes a problem',
        `if each item should be so, write ${problems_formatCode(filter, Infinity)}; if the problem is that all are, write ${problems_formatCode(exists, Infinity)}`,
    ],
    nested_list: ({ levels }) => [
        'this returns a list of lists, which has items even if they are all empty',
        `add \`.flatten(${levels === 1 ? '' : levels})\``,
    ],
    missing_key: ({ source, key, keys }, part) => {
        const what = `${part}: there is no key ${quote(key)}`;
        if (source.startsWith('{'))
            return [what, `add it to the \`{…}\`: ${quote(key)}`];
        const known = `it has ${(0,text_format/* formatList */.ki)(keys.map(quote), 10) || 'no keys'}`;
        const nearest = suggest(key, keys);
        return [
            what,
            nearest
                ? `${nearest} ${known}`
                : `${known}; if it may be missing, check \`has(x.key)\` or \`"key" in x\` first`,
        ];
    },
    not_boolean: ({ source, kind }, part) => [
        `${part} is ${KINDS[kind]}, not true or false`,
        kind === 'null' ? IF_NULL : kind === 'list' ? `write ${problems_formatCode(`size(${source}) > 0`)}` : COMPARE,
    ],
    not_list: ({ source, kind }, part) => [
        `${part} is ${KINDS[kind]}, not a list`,
        kind === 'null' ? IF_NULL : `the keys of an object are ${problems_formatCode(`keys(${source})`)}`,
    ],
    not_object: ({ source, kind }, part) => [
        `${part} is ${KINDS[kind]}, not an object`,
        kind === 'null'
            ? IF_NULL
            : kind === 'list'
                ? `its length is ${problems_formatCode(`size(${source})`)}; check its items with ${problems_formatCode(`${source}.exists(i, i.status == "x")`)}`
                : 'let the Alloovium workflow return an object',
    ],
    no_operation: ({ kinds }, part) => [
        `${part} has no result for ${(0,text_format/* formatList */.ki)(kinds.map((kind) => KINDS[kind]))}`,
        kinds.includes('null')
            ? IF_NULL
            : kinds.includes('list')
                ? 'the length of a list is `size(x)`, and `"a" in x` looks for an item'
                : '`int(x)` or `double(x)` reads a number from a string; write a string in quotes (`"No"`, `"033000"`, `"2026-12-31"`), and a number without',
    ],
    no_value: ({ operation }, part) => [
        `${part} has no value`,
        NO_VALUE[operation] ?? 'let the Alloovium workflow return a number, or true or false',
    ],
    near_text: ({ source, operation, theirs, ours, subject }, part) => {
        const what = `${part} compares two spellings, ${quote(theirs)} and ${quote(ours)}`;
        const [same, other] = describeWaysOut(operation, source, subject, quote(theirs), quote(ours));
        return [what, `if they mean the same, write ${same}; if they differ, write ${other}`];
    },
    two_forms: ({ haveDays }, part) => [
        `${part} compares strings that are not days or times of one form and zone`,
        haveDays
            ? 'write `day(x)` for the day of a time, or of 31.12.2026'
            : 'let the Alloovium workflow return both in one form and zone, as 2026-12-31 or 2026-12-31T10:00:00Z; a number in a string is `int(x)`',
    ],
    large_number: (_, part) => [
        `${part} is a number over 2^53, where numbers are not exact`,
        'let the Alloovium workflow return it as a string',
    ],
};
function describeWaysOut(operation, source, operand, theirs, ours) {
    const subject = /^[\w.()[\]"']+$/.test(operand) ? operand : `(${operand})`;
    const is = `${subject} == ${theirs}`;
    const isNot = `${subject} != ${theirs}`;
    const both = `${subject} in [${ours}, ${theirs}]`;
    const either = (one, other) => [`(${one} || ${other})`, `(${one} || ${other} && false)`];
    switch (operation) {
        case '==':
            return [both, `(${subject} == ${ours} && ${isNot})`];
        case '!=':
            return [`!(${both})`, `(${subject} != ${ours} || ${is})`];
        case 'in':
            return [`(${source} || ${is})`, `(${source} && ${isNot})`];
        case 'has':
            return either(source, `${theirs} in ${subject}`);
        default:
            return either(`${subject}.${operation}(${ours})`, `${subject}.${operation}(${theirs})`);
    }
}
const SYNTAX = [
    [
        /^(?:(?!outputs)[^'"?{])*\n(?:(?!outputs)[^'"?{])*:/,
        'a name has letters, digits, spaces, `_`, `.` and `-`, and a space follows its colon',
        'write `name: condition`',
    ],
    [/\(\w+ *-?\n/, 'a comma is needed here', 'write `filter(i, i.status == "x")`'],
    [/[!=]=\n=/, 'there is one `=` too many', 'write `==` or `!=`'],
    [/\n=>/, 'there is no `=>`', 'write `>=`'],
    [/\n=/, 'one `=` compares nothing', 'write `==`'],
    [/\n(?:and\b|&)/i, 'this is not an operator', 'write `&&` for "and"'],
    [/\n(?:or\b|\|)/i, 'this is not an operator', 'write `||` for "or"'],
    [/\bnot *\n|\n(?:not\b|!in\b)/i, 'there is no `not`', 'write `!(x in ["a", "b"])` or `!x`'],
    [/\n[“”„‘’‚«»`]/, 'this is not a quote in CEL', `write straight quotes, "x" or 'x'`],
    [/\n(["'])(?:\\.|(?!\1).)*$/, 'a string is not closed', 'write its second quote'],
    [/\n#/, 'a comment follows the condition', OWN_LINE],
    [
        /\n(?:outputs\b|[\w .-]+: )/,
        'a second condition begins here',
        `${AS_LINES}, since \`>\` joins the lines`,
    ],
    [/\n$/, 'the line ends too early', 'is a bracket or an operand missing? Each line is a whole condition'],
];
const KINDS = {
    null: 'null',
    text: 'a string',
    number: 'a number',
    boolean: 'true or false',
    list: 'a list',
    object: 'an object',
};
const UNLIKE = /[[\p{C}\p{Z}\p{Pd}\p{M}\u2212\p{Default_Ignorable_Code_Point}]--[ \-]]/gv;
function quote(text) {
    return JSON.stringify(cut(text, 100)).replace(UNLIKE, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
function cut(text, max) {
    return text.length > max ? `${text.slice(0, max)}…` : text;
}
function problems_formatCode(text, max = 80) {
    return `\`${cut(text.replaceAll('`', "'"), max)}\``;
}
function describeProblem(problem, line = '') {
    const describe = SENTENCES[problem.code];
    const { source, item } = problem;
    const [what, fix] = describe(problem, problems_formatCode(source), line);
    return { what: item ? `${what} (item ${item.at} of ${problems_formatCode(item.list)})` : what, fix };
}
function describeGateFault({ input, line, column, expression, problem, file = '', }) {
    const at = column - 1;
    const { what, fix } = describeProblem(problem, `${expression.slice(0, at)}\n${expression.slice(at)}`);
    return `${file || input}, line ${line}, column ${column}: ${what}: ${fix}`;
}
function formatGateFault(fault) {
    const at = fault.column - 1;
    const before = `> ${String(fault.line).padStart(4)} | ${fault.expression.slice(0, at).slice(-60)}`;
    return [
        describeGateFault(fault),
        before + fault.expression.slice(at, at + 60),
        '^'.padStart(before.length + 1),
    ].join('\n');
}
function describeFailedTest({ name, fails, met, broken, isTooSlow }, where) {
    const list = (labels) => (0,text_format/* formatList */.ki)(labels.map(quote)) || 'no condition';
    const { condition, problem } = broken ?? {};
    const { what, fix } = problem ? describeProblem(problem) : { what: '', fix: '' };
    const label = quote(condition?.name ?? condition?.expression ?? '');
    const why = problem
        ? `${label} cannot be evaluated: ${what}: ${fix}`
        : `it expects ${list(fails)} to be met, but the outputs meet ${list(met)}`;
    return `${where}: test ${quote(name)} fails: ${isTooSlow ? 'the tests take longer than 4 s' : why}`;
}

;// CONCATENATED MODULE: ./src/baseline.ts
function isTransient(state) {
    if (state.code !== 'not_fetched')
        return state.code === 'timed_out';
    return ['no_answer', 'rate_limited', 'out_of_time'].includes(state.failure.code);
}
const BASELINE_EVENTS = ['push', 'schedule', 'workflow_dispatch'];
function hasArtifacts(serverUrl) {
    return /^(?:github\.com|.*\.ghe\.com|(?:.*\.)?localhost)$/i.test(new URL(serverUrl).hostname);
}
const VERSION = 2;
function formatBaseline(entries, hasValues) {
    const dropValues = (key, value) => (key === 'values' && !hasValues ? [] : value);
    return `${JSON.stringify({ version: VERSION, entries }, dropValues)}\n`;
}
function readBaseline(text) {
    const { version, entries } = JSON.parse(text);
    if (typeof version !== 'number')
        throw new Error('not a baseline');
    return version === VERSION && entries ? entries : null;
}

;// CONCATENATED MODULE: ./src/gate/findings.ts




const SOON_MS = 14 * 86_400_000;
function applyGate(evaluations, context) {
    const { state, before } = findEntry(context);
    const { today, waivers } = context;
    const soon = new Date(Date.parse(today) + SOON_MS).toISOString().slice(0, 10);
    const isSoon = (day) => day >= today && day <= soon;
    const expires = state.code === 'usable' ? state.expiresAt.slice(0, 10) : '';
    const used = new Set();
    return {
        conditions: evaluations.map((evaluation) => applyCondition(evaluation, context, before, used)),
        baseline: state,
        unusedWaivers: waivers.flatMap((waiver, at) => (used.has(waiver) ? [] : [at])),
        endingWaivers: waivers.flatMap(({ until }) => (until !== null && isSoon(until) ? [until] : [])),
        baselineEnds: isSoon(expires) ? expires : '',
    };
}
function findEntry({ entry, baseline, workflowId, projectId }) {
    const without = (state) => ({ state, before: null });
    if (baseline.code !== 'usable')
        return without(baseline);
    const before = baseline.entries.find(({ name }) => name === entry);
    if (before === undefined)
        return without({ code: 'no_entry' });
    if (before.workflowId !== workflowId)
        return without({ code: 'other_workflow' });
    if (before.projectId !== projectId)
        return without({ code: 'other_project' });
    return { state: baseline, before };
}
function applyCondition(evaluation, context, before, used) {
    const { condition, problem, tally, others: passed } = evaluation;
    const { waivers, today, checkTime } = context;
    const divided = applyWaivers(evaluation, waivers, today, checkTime);
    for (const waiver of divided.used)
        used.add(waiver);
    const knownBy = fieldsFor(context.knownBy, condition);
    const scope = digestScope(context.entry, condition, knownBy);
    const digest = (item) => {
        checkTime();
        return knownBy.length === 0 ? '' : digestItem(scope, item, knownBy);
    };
    const matched = divided.matched.map((item) => ({ ...item, digest: digest(item.value) }));
    const waived = divided.waived.map((item) => ({ ...item, digest: digest(item.value) }));
    const isCompared = before !== null && condition.severity === 'fail' && knownBy.length > 0;
    const saved = isCompared ? before.conditions.find(({ id }) => id === scope) : undefined;
    const unscoped = digestScope(context.entry, condition, []);
    const isOther = before?.conditions.some(({ name }) => name === unscoped) === true;
    const { known, gone } = compare(saved, matched, waived);
    const findings = matched
        .map((item) => {
        const found = known.get(item.digest)?.shift() ?? null;
        return { ...item, isKnown: found !== null, saved: found };
    })
        .sort((one, other) => Number(one.isKnown) - Number(other.isKnown));
    const result = waived.length > 0 && findings.length === 0 ? 'not_met' : evaluation.result;
    const isOnlyKnown = findings.length > 0 && findings.every((one) => one.isKnown);
    return {
        condition,
        result,
        problem,
        tally,
        knownBy,
        findings,
        waived,
        passed,
        isCompared,
        mismatch: !isCompared || saved ? null : isOther ? 'other_known_by' : 'no_condition',
        noLongerReported: gone.map(({ values }) => Object.fromEntries(values.map((text, nth) => [knownBy[nth] ?? '', text]))),
        isFailing: condition.severity === 'fail' && result !== 'not_met' && !isOnlyKnown,
        isWarning: condition.severity === 'warn' && result !== 'not_met',
    };
}
function compare(saved, matched, waived) {
    const digestsOf = (all) => all.map(({ digest }) => digest);
    const now = countEach(digestsOf(matched));
    const waivedBefore = countEach(saved?.waived);
    const waivedNow = countEach(digestsOf(waived));
    const known = new Map();
    const gone = [];
    for (const [digest, all] of Map.groupBy(saved?.findings ?? [], (one) => one.digest)) {
        const newlyWaived = Math.max(0, waivedNow(digest) - waivedBefore(digest));
        const remaining = all.slice(0, Math.max(0, all.length - newlyWaived));
        if (now(digest) <= remaining.length)
            known.set(digest, remaining.slice(0, now(digest)));
        gone.push(...remaining.slice(now(digest)));
    }
    return { known, gone };
}
function countEach(texts = []) {
    const counts = new Map();
    for (const text of texts)
        counts.set(text, (counts.get(text) ?? 0) + 1);
    return (text) => counts.get(text) ?? 0;
}
function findNewCause({ baseline, conditions }) {
    const failing = conditions.filter(({ isFailing, findings }) => isFailing && findings.length > 0);
    const isBroken = conditions.some(({ isFailing, problem }) => isFailing && problem !== null);
    if (baseline.code === 'none' || isTransient(baseline) || isBroken || failing.length === 0)
        return null;
    const nameless = failing.find(({ knownBy, findings }) => knownBy.length > 0 && findings.every(({ digest }) => digest === ''));
    if (nameless !== undefined) {
        const values = nameless.findings.map(({ value }) => value);
        const fields = nameless.knownBy.filter((field) => values.every((value) => readFieldText(value, field) === null));
        const [first] = values;
        return { code: 'no_identity', fields, names: (0,src_json/* isJsonObject */.OW)(first) ? Object.keys(first) : [] };
    }
    if (baseline.code !== 'usable')
        return baseline;
    const other = failing.find(({ mismatch }) => mismatch !== null);
    return other?.mismatch ? { code: other.mismatch, condition: other.condition } : null;
}
function countFindings(conditions) {
    const findings = conditions.flatMap((one) => one.findings);
    const known = findings.filter(({ isKnown }) => isKnown).length;
    return {
        found: findings.length,
        new: findings.length - known,
        known,
        waived: conditions.flatMap((one) => one.waived).length,
        noLongerReported: conditions.flatMap((one) => one.noLongerReported).length,
    };
}
function countItems({ findings, waived, passed }) {
    return passed && findings.length + waived.length + passed.length;
}
function isComplete({ conditions }) {
    return conditions.every(({ problem }) => problem === null);
}
function isFailing({ conditions }) {
    return conditions.some((condition) => condition.isFailing);
}

;// CONCATENATED MODULE: ./src/report/gate-file.ts

function formatOutputsFile({ results, step }) {
    if (results.length === 0)
        return null;
    if (step.inputs?.hasRuns !== true) {
        const { outputs } = results[0]?.runState ?? {};
        return outputs == null ? null : JSON.stringify(outputs);
    }
    const entries = results.map(({ entry, runState }) => [entry.name, runState.outputs ?? null]);
    return JSON.stringify(Object.fromEntries(entries));
}
function formatGateFile({ results, step }, date) {
    const evaluated = results.filter(({ gateResult }) => gateResult && gateResult.conditions.length > 0);
    if (evaluated.length === 0)
        return null;
    const { event, ref, workflowRunId, pullRequest, commit } = step.context ?? {};
    const runs = evaluated.map((result) => [result.entry.name, toGateRun(result)]);
    const file = {
        version: 1,
        time: new Date(date).toISOString(),
        event,
        ref,
        job_run: workflowRunId,
        pull_request: pullRequest?.number ?? null,
        commit,
        ...(step.inputs?.hasRuns ? { runs: Object.fromEntries(runs) } : runs[0]?.[1]),
    };
    return `${JSON.stringify(file, null, 2)}\n`;
}
function toGateRun({ gateResult, runState }) {
    const places = new Map();
    const placeOf = ({ value }) => {
        const place = places.get(value) ?? places.size;
        places.set(value, place);
        return place;
    };
    const { conditions = [], baseline } = gateResult ?? {};
    const rows = conditions.map(({ condition, result, problem, knownBy, findings, waived, passed, isCompared }) => ({
        ...condition,
        result,
        matched_count: findings.length,
        known_count: isCompared ? findings.filter(({ isKnown }) => isKnown).length : null,
        waived_count: waived.length,
        of: passed && findings.length + waived.length + passed.length,
        problem: problem?.code ?? null,
        known_by: knownBy,
        matched: findings.map(placeOf),
        known: isCompared ? findings.flatMap(({ isKnown }, nth) => (isKnown ? [nth] : [])) : null,
        waived: waived.map(placeOf),
    }));
    const isGated = conditions.some(({ condition }) => condition.severity === 'fail');
    return {
        gate: gateResult && isFailing(gateResult) ? 'failed' : isGated ? 'passed' : 'none',
        run_id: runState.runId,
        workflow_id: runState.workflowId,
        project_id: runState.runPlan.runId === '' ? runState.runPlan.projectId : null,
        baseline_commit: baseline?.code === 'usable' ? baseline.commit : null,
        items: [...places.keys()],
        conditions: rows,
    };
}

;// CONCATENATED MODULE: ./src/report/outputs.ts





const MAX_OUTPUT_BYTES = 100_000;
const MAX_TOTAL_UNITS = 420_000;
const MAX_KEYS = 256;
const MAX_NAME = 100;
const MAX_MESSAGE = 30_000;
const MAX_MESSAGE_OF_SEVERAL = 300;
const RESERVED = /^(?:gate|run|report|outputs|matches|headline|baseline|comment_url$)/i;
function readRun({ runState, verdict, words }, gated, maxMessage) {
    const ms = Date.parse(runState?.completedAt ?? '') - Date.parse(runState?.startedAt ?? '');
    const { reason = '', headline = '' } = words ?? {};
    return {
        run_id: runState?.runId,
        workflow_id: runState?.workflowId,
        status: /^[\w-]{1,40}$/.exec(runState?.status ?? '')?.[0],
        conclusion: verdict?.conclusion,
        gate: verdict?.gate,
        headline: (0,text_escape/* truncate */.xv)(headline, maxMessage),
        ...countMatches(gated),
        replayed: runState === null ? null : runState.origin === 'picked_up',
        red_runs_before: runState?.redRunsBefore,
        idempotency_key: runState?.key,
        started_at: runState?.startedAt,
        completed_at: runState?.completedAt,
        duration_seconds: Number.isNaN(ms) ? null : ms / 1000,
        error_message: verdict?.exitCode === 1 ? (0,text_escape/* truncate */.xv)(reason || headline, maxMessage) : '',
    };
}
function listOutputs(report, files) {
    const { results, verdict, words } = report;
    const { inputs, context, client } = report.step;
    const isSingle = inputs?.hasRuns !== true;
    const [only] = isSingle ? results : [];
    const runState = only?.runState ?? null;
    const declared = {
        ...readRun({ runState, verdict, words }, results, MAX_MESSAGE),
        red_runs_before: sumKnown([...new Set(results.map((one) => one.runState))].map((one) => one.redRunsBefore)),
        runs_json: isSingle ? '' : formatRunsJson(results),
        run_url: only?.runUrl,
        outputs_file: files.outputsFile,
        gate_file: files.gateFile,
        report_file: files.reportFile,
        commit: context?.commit,
        tokens_spent: client?.tokensSpent() ?? 0,
    };
    const outputs = new Map();
    const missing = [];
    let units = 0;
    const add = (name, value) => {
        const fits = value !== null &&
            Buffer.byteLength(value) <= MAX_OUTPUT_BYTES &&
            units + value.length <= MAX_TOTAL_UNITS;
        if (!fits)
            missing.push(name);
        outputs.set(name, fits ? value.toWellFormed() : '');
        units += fits ? value.length : 0;
    };
    for (const [name, value] of Object.entries(declared))
        add(name, String(value ?? ''));
    const taken = new Set(outputs.keys());
    const ofRun = Object.entries((0,src_json/* isJsonObject */.OW)(runState?.outputs) ? runState.outputs : {});
    for (const [nth, [key, value]] of ofRun.entries()) {
        const safe = key.slice(0, MAX_NAME).replace(/[^\w-]/g, '_');
        const name = safe.replace(/^(?=[\d-]|$)/, '_');
        const isFree = !RESERVED.test(name) && !taken.has(name.toLowerCase()) && nth < MAX_KEYS;
        if (isFree)
            add(name, typeof value === 'string' ? value : JSON.stringify(value));
        else
            missing.push(name);
        taken.add(name.toLowerCase());
    }
    add('outputs_json', formatOutputsFile(report) ?? '');
    return { outputs: [...outputs], missing };
}
function formatRunsJson(runs) {
    const rows = runs.map((run) => ({
        name: run.entry.name,
        project_id: run.runState?.runPlan.projectId,
        ...readRun(run, [run], MAX_MESSAGE_OF_SEVERAL),
    }));
    return JSON.stringify(rows, (_key, value) => value ?? null);
}
function countMatches(runs) {
    const counts = runs.flatMap(({ gateResult }) => {
        const gated = gateResult?.conditions.filter(({ condition }) => condition.severity === 'fail');
        return (gated?.map((one) => {
            const { found, new: fresh } = countFindings([one]);
            return { found, new: one.isCompared || found === 0 ? fresh : null };
        }) ?? [null]);
    });
    return {
        gate_matched_count: sumKnown(counts.map((one) => one?.found ?? null)),
        gate_new_count: sumKnown(counts.map((one) => one?.new ?? null)),
    };
}
function sumKnown(counts) {
    return counts.length === 0 || counts.includes(null) ? null : (0,text_format/* sumOf */.XN)(counts, (count) => count ?? 0);
}

;// CONCATENATED MODULE: ./src/report/failures.ts

function formatReported(who, text) {
    return (0,text_format/* isBlank */.z3)(text) ? '' : `${who} reported: ${text}`;
}
const REACH = 'check that the runner can reach the API (DNS, firewall, proxy)';
const API_URL = 'check `api_url`';
const SECRET = 'the secret that `api_key` reads';
const NEW_KEY = `create an API key in Alloovium and store it in ${SECRET}`;
const OWNER = 'ask the owner of the Alloovium account';
const REPORT = 'report it to Alloovium';
const FAILURES = {
    no_connection: ['Cannot reach Alloovium', 'settings', REACH],
    unknown_host: ['DNS does not know the host of `api_url`', 'settings', REACH],
    certificate: [
        "The server's certificate is not trusted",
        'settings',
        'check the clock of the runner; behind a proxy with its own certificate authority, set `NODE_EXTRA_CA_CERTS` to a file with its certificate',
    ],
    connection_lost: ['The connection was lost', 'nowhere', ''],
    timeout: ['No complete answer came in time', 'nowhere', ''],
    redirected: ['The API answered with a redirect, which is never followed', 'workflow_file', API_URL],
    proxy_refused: [
        'The proxy refused the connection',
        'settings',
        "check the URL, user name and password in the runner's proxy variables",
    ],
    invalid_key: [
        'Alloovium rejected the API key',
        'settings',
        `copy the whole key (60 characters, \`ak_live_…\` or \`ak_test_…\`) into ${SECRET}`,
    ],
    key_revoked: ['The API key was revoked', 'settings', NEW_KEY],
    key_expired: ['The API key has expired', 'settings', NEW_KEY],
    account_disabled: ["The API key's account or user is disabled", 'alloovium', OWNER],
    payment_required: ['The Alloovium account has an unpaid bill or has used up its plan', 'alloovium', OWNER],
    missing_scopes: [
        'The API key lacks a scope',
        'settings',
        'give the API key the scopes `workflows:read` and `workflows:write`',
    ],
    forbidden: [
        'Alloovium denied access',
        'alloovium',
        "give the API key's user access to the workflow and the project",
    ],
    not_found: [
        'Alloovium workflow or project not found',
        'workflow_file',
        'copy `workflow_id` and `project_id` from the dashboard of the account that the API key belongs to',
    ],
    key_reused: [
        'The idempotency key was already used with other inputs',
        'workflow_file',
        'remove `idempotency_key`, or choose another',
    ],
    locked: ['An earlier request with the same idempotency key is still in progress', 'nowhere', ''],
    invalid_request: [
        'Alloovium rejected the request as invalid',
        'workflow_file',
        'check that `inputs` and `project_id` are what the Alloovium workflow declares, and that it is enabled',
    ],
    rate_limited: ['Rate limit reached', 'nowhere', ''],
    bucket_too_small: [
        "This API key's tier cannot start runs",
        'settings',
        'use a key of the standard tier or above',
    ],
    server_error: ['Alloovium had an internal error', 'nowhere', ''],
    unavailable: ['Alloovium, or a gateway in front of it, is not available', 'nowhere', ''],
    not_implemented: ['Alloovium does not support this request', 'workflow_file', API_URL],
    unreadable: ['The answer cannot be read', 'nowhere', ''],
    web_page: [
        'The server answered with a web page',
        'settings',
        'check whether a proxy asks for a sign-in; if so, let the runner through',
    ],
    too_large: [
        'The answer is over 8 MiB or 300,000 values',
        'alloovium',
        'make the Alloovium workflow return less',
    ],
    wrong_workflow: ['The API answered about a run of another Alloovium workflow', 'nowhere', REPORT],
    wrong_run: ['The API answered about another run', 'nowhere', REPORT],
    run_of_other_key: ['The API answered two starts with the same run', 'nowhere', REPORT],
    rejected: ['The API rejected the request', 'workflow_file', API_URL],
};
function describeRequestFailure(failure, projectId) {
    const { code, status, apiCode, detail, requestId, missingScopes } = failure;
    const [what, fixedIn, remedy] = FAILURES[code];
    const lacksProject = projectId === '' && code === 'invalid_request';
    const says = (0,text_format/* joinPresent */.uE)(' · ', detail, apiCode, ...missingScopes, requestId && `request ${requestId}`);
    return {
        what: what + (0,text_format/* inBrackets */.Te)(String(status ?? '')),
        remedy: lacksProject
            ? 'set `project_id` if the Alloovium workflow reads a project, and check that `inputs` are what it declares'
            : remedy,
        fixedIn,
        reason: formatReported(status === null ? 'Node.js' : 'The server', says),
    };
}
const OWN_TOKEN = 'remove `github_token`, or check its value';
const GITHUB_FAILURES = {
    no_token: ['`github_token` is empty', 'workflow_file', OWN_TOKEN],
    proxy_needs_newer_runner: [
        'This runner cannot use the proxy',
        'settings',
        'update the runner: the action needs its Node.js 24.14 or newer',
    ],
    proxy_invalid: ['A proxy variable of the runner contains no URL', 'settings', 'correct `HTTPS_PROXY`'],
    no_answer: ['GitHub gave no usable answer', 'nowhere', ''],
    rate_limited: ["GitHub's rate limit is reached", 'nowhere', ''],
    unauthorised: ['GitHub rejected `github_token`', 'workflow_file', OWN_TOKEN],
    forbidden: ['GitHub denied access', 'workflow_file', ''],
    not_found: ['Not found, or hidden from `github_token`', 'workflow_file', ''],
    rejected: ['GitHub rejected the request', 'nowhere', ''],
    out_of_time: ['No time was left', 'nowhere', ''],
};
function describeGithubFailure(failure, permissions) {
    const { code, status, message } = failure;
    const [what, fixedIn, remedy] = GITHUB_FAILURES[code];
    const isMissing = code === 'forbidden' || code === 'not_found';
    return {
        what: what + (0,text_format/* inBrackets */.Te)(String(status ?? '')),
        remedy: isMissing ? `add \`${permissions}\` to the job's permissions` : remedy,
        fixedIn,
        reason: formatReported('GitHub', message),
    };
}
function joinFailure(failure, permissions) {
    const { what, remedy } = describeGithubFailure(failure, permissions);
    return (0,text_format/* joinPresent */.uE)('. ', what, quoteGithub(failure.message), (0,text_format/* capitalise */.sK)(remedy));
}
function quoteGithub(message) {
    return (0,text_format/* isBlank */.z3)(message) ? '' : `GitHub reported: ${JSON.stringify(message.slice(0, 200))}`;
}

;// CONCATENATED MODULE: ./src/run/retry-policy.ts
const REASONS = {
    unauthorised: 'the API rejected the API key',
    other_run: 'the answer is about another run',
    rejected: 'the API would reject it again',
    second_run: 'it may have started a run, and the API would start a second one',
    sent_five_times: 'it was sent five times, and each time it may have started a run',
    unknown_host: 'the host name has been unknown for a minute',
    too_large: 'the outputs of a run that has ended stay too large',
    rejected_30_s: 'the API rejected status checks for 30 s',
    failed_5_min: 'status checks failed for 5 min',
    deadline: 'the deadline comes first',
    no_tokens: 'the rate limit refills',
    in_progress: 'the next answer names its run',
    not_reached: 'it did not reach the API',
    same_run: 'if it started a run, its idempotency key finds that run',
    check: 'the run is not affected',
    rejected_check: 'rejections count after 30 s',
};
const START_PAUSES_MS = [2_000, 6_000, 18_000, 30_000];
const MAX_STARTS = START_PAUSES_MS.length + 1;
const LAST_START_MS = 1_000;
const CHECK_PAUSE_MS = 2_000;
const MAX_CHECK_PAUSE_MS = 15_000;
const MAX_FAILING_MS = 5 * 60_000;
const MAX_REJECTED_MS = 30_000;
const MAX_ASKED_MS = 5 * 60_000;
function capRetryAfter(retryAfterMs) {
    return Math.min(retryAfterMs ?? 0, MAX_ASKED_MS);
}
function decideRetry(call, last, attempts, leftMs, random) {
    const failures = attempts.map(({ failure }) => failure);
    const { kind, code, retryAfterMs } = last.failure;
    const jitter = 0.75 + 0.5 * random();
    const stop = (reason) => ({ retry: false, reason });
    if (kind === 'unauthorised')
        return stop('unauthorised');
    if (kind === 'unusable')
        return stop('other_run');
    if (call === 'check') {
        if (code === 'too_large')
            return stop('too_large');
        const firstRejected = attempts[failures.findLastIndex((one) => one.kind !== 'rejected') + 1];
        if (last.at - (firstRejected?.at ?? last.at) >= MAX_REJECTED_MS)
            return stop('rejected_30_s');
        const firstFailed = attempts.find(({ failure }) => failure.code !== 'rate_limited');
        if (last.at - (firstFailed?.at ?? last.at) >= MAX_FAILING_MS)
            return stop('failed_5_min');
        if (leftMs <= 0)
            return stop('deadline');
        const askedMs = capRetryAfter(retryAfterMs);
        const ownMs = Math.min(MAX_CHECK_PAUSE_MS, attempts.length * CHECK_PAUSE_MS) * jitter;
        const reason = code === 'rate_limited' ? 'no_tokens' : kind === 'rejected' ? 'rejected_check' : 'check';
        return { retry: true, afterMs: Math.min(Math.max(askedMs, ownMs), leftMs), reason };
    }
    if (kind === 'rejected')
        return stop('rejected');
    if (kind === 'failed')
        return stop('second_run');
    if (failures.filter((one) => one.kind === 'maybe').length >= MAX_STARTS)
        return stop('sent_five_times');
    const lastFive = failures.slice(-MAX_STARTS);
    if (lastFive.length === MAX_STARTS && lastFive.every((one) => one.code === 'unknown_host'))
        return stop('unknown_host');
    const askedMs = retryAfterMs ?? 0;
    const lastStartMs = leftMs - LAST_START_MS;
    if (lastStartMs <= askedMs)
        return stop('deadline');
    const ownMs = (START_PAUSES_MS[Math.min(attempts.length, START_PAUSES_MS.length) - 1] ?? 0) * jitter;
    if (code === 'rate_limited') {
        const spreadMs = askedMs * (1 + 0.1 * random()) + 1_000 * random();
        const pauseMs = Math.min(askedMs > 0 ? spreadMs : ownMs, lastStartMs);
        return { retry: true, afterMs: Math.max(askedMs, pauseMs), reason: 'no_tokens' };
    }
    const reason = code === 'locked' ? 'in_progress' : kind === 'unreached' ? 'not_reached' : 'same_run';
    return { retry: true, afterMs: Math.max(askedMs, Math.min(ownMs, lastStartMs)), reason };
}

;// CONCATENATED MODULE: ./src/report/progress.ts







const REPEAT_MS = 60_000;
const ORIGINS = { started: 'Started', picked_up: 'Picked up', given: 'Picked up' };
const SKIP_WORDS = {
    failed: 'it failed',
    cancelled: 'it was cancelled',
    gate: 'it does not pass the gate',
    too_large: 'its outputs are too large',
    not_found: 'Alloovium does not find it any more',
};
function startProgress({ inputs, context, client }, { runner, clock }) {
    const { hasRuns, runPlans, runUrl } = inputs;
    const found = [];
    const shown = new Map();
    const format = ({ runPlan }, line) => {
        const [name = '', ...others] = runPlan.entries.map((entry) => entry.name);
        const title = others.length === 0 ? name : `${name} +${others.length}`;
        return hasRuns ? (0,text_escape/* logLine */.BP) `${title.padEnd(12)}  ${line}` : (0,text_escape/* logLine */.BP) `    ${line}`;
    };
    const log = (runState, line) => runner.line(format(runState, line));
    const logChange = (runState, what, line) => {
        const last = shown.get(runState);
        if (what === last?.what && clock.now() - last.at < REPEAT_MS)
            return;
        shown.set(runState, { what, at: clock.now() });
        log(runState, line);
    };
    const { startGroup, endGroup } = createGroups(runner, hasRuns);
    const commit = `commit ${context.commit.slice(0, 7)}`;
    startGroup((0,text_escape/* logLine */.BP) `${formatStart(inputs)}, ${commit}`);
    if (hasRuns)
        runner.line((0,text_escape/* logLine */.BP) `${(0,text_format/* formatCount */.B4)(runPlans.length, 'run')} in one step, ${commit}`);
    return {
        found: (runState) => {
            const { runId, origin } = runState;
            const url = fillUrl(runUrl, runState, null);
            found.push(runState);
            log(runState, (0,text_escape/* logLine */.BP) `${ORIGINS[origin ?? 'given']} ${runId}`);
            if (url !== '')
                log(runState, { safe: url });
            if (!inputs.wait)
                endGroup();
            else if (!isEnded(runState))
                startGroup((0,text_escape/* logLine */.BP) `Wait for ${runId}, for up to ${(0,text_format/* formatDuration */.a3)(inputs.timeoutMs)}`);
            if (hasRuns) {
                const runs = runPlans.flatMap((runPlan) => {
                    const known = found.find((one) => one.runPlan === runPlan) ?? null;
                    return runPlan.entries.map((entry) => ({ entry, runState: known }));
                });
                runner.output('runs_json', formatRunsJson(runs));
            }
            else
                runner.output('run_id', runId);
        },
        checked: (runState, elapsedMs) => {
            const { status, stage, progress } = runState;
            if (!isEnded(runState)) {
                const tens = Math.floor((progress ?? 0) / 10);
                logChange(runState, `${status} ${stage} ${tens}`, formatProgress(runState, elapsedMs));
                return;
            }
            const tokens = hasRuns ? '' : ` (${(0,text_format/* formatCount */.B4)(client.tokensSpent(), 'token')})`;
            log(runState, (0,text_escape/* logLine */.BP) `${runState.runId} ${status} after ${(0,text_format/* formatDuration */.a3)(elapsedMs)}${tokens}`);
        },
        decided: (runState, failure, decision) => {
            const what = (0,text_format/* capitalise */.sK)(describeRequestFailure(failure).what);
            const next = decision.retry ? `trying again in ${(0,text_format/* formatDuration */.a3)(decision.afterMs)}` : 'no retry';
            const line = (0,text_escape/* logLine */.BP) `${what}; ${next} (${REASONS[decision.reason]})`;
            runner.debug(format(runState, line));
            if (decision.retry)
                logChange(runState, what, line);
        },
        skipped: (runState, why) => log(runState, (0,text_escape/* logLine */.BP) `${runState.runId} is not picked up: ${SKIP_WORDS[why]}`),
        ended: endGroup,
    };
}
function createGroups(runner, hasRuns) {
    let isInGroup = false;
    const endGroup = () => {
        if (isInGroup)
            runner.endGroup();
        isInGroup = false;
    };
    const startGroup = (title) => {
        if (hasRuns)
            return;
        endGroup();
        runner.startGroup(title);
        isInGroup = true;
    };
    return { startGroup, endGroup };
}
function formatStart({ runPlans: [runPlan] }) {
    if (runPlan?.runId !== '')
        return (0,text_escape/* logLine */.BP) `Pick up ${runPlan?.runId ?? ''}`;
    return (0,text_escape/* logLine */.BP) `Start ${runPlan.workflowId}${runPlan.projectId && ` on project ${runPlan.projectId}`}`;
}
const BAR = 10;
function formatProgress({ status, stage, progress }, elapsedMs) {
    const doing = status === 'running' && stage !== '' ? stage : status === 'pending' ? 'queued' : status;
    const done = '█'.repeat(Math.floor(((progress ?? 0) / 100) * BAR)).padEnd(BAR, '░');
    const percent = progress === null ? '' : `${Math.floor(progress)} %`;
    return (0,text_escape/* logLine */.BP) `${done} ${percent.padStart(5)}  ${doing.slice(0, 100).padEnd(32)}  ${(0,text_format/* formatDuration */.a3)(elapsedMs)}`;
}
async function logWorkflows(runner, client, signal) {
    try {
        const { workflows } = await client.listWorkflows(signal);
        const none = (0,text_escape/* logLine */.BP) `This API key can start no Alloovium workflow.`;
        runner.line(workflows.length === 0 ? none : (0,text_escape/* logLine */.BP) `Alloovium workflows that this API key can start, 20 at most:`);
        for (const { id, name, enabled } of workflows.slice(0, 20))
            runner.line((0,text_escape/* logLine */.BP) `    ${id} “${name.slice(0, 80)}”${enabled ? '' : ' (disabled)'}`);
    }
    catch {
    }
}

;// CONCATENATED MODULE: ./src/plan.ts











async function plan(step, deps) {
    const { runner, transport, clock, signal, fetch, redact } = deps;
    const { environment } = runner;
    checkFiles(runner);
    const event = await readEvent(environment.GITHUB_EVENT_PATH ?? '', clock, signal);
    const context = readContext(environment, event);
    step.context = context;
    const read = await readInputs(environment, context);
    step.inputs = read.inputs;
    const { apiKey, apiUrl, githubToken: token, onMissingKey, timeoutMs, title } = read.inputs;
    runner.titleAnnotations(title);
    if (context.secretsWithheld && (0,secrets/* readApiKey */.iZ)(environment) === '' && onMissingKey === 'skip')
        throw new src_outcome/* Ended */.lj({ kind: 'skipped' });
    if (read.faults.some(({ input, entry }) => entry === '' && NEEDED_TO_SEND.includes(input)))
        throw new src_outcome/* Ended */.lj({ kind: 'invalid_inputs', faults: read.faults, gateFaults: read.gateFaults });
    const { githubApiUrl, repository } = context;
    const debug = (line) => runner.debug(line);
    const github = { apiUrl: githubApiUrl, repository, token, clock, signal, fetch, redact, debug };
    step.github = github;
    step.client = createClient({
        transport,
        clock,
        apiUrl,
        apiKey,
        redact,
        debug,
    });
    await (0,src_clock/* withTimeLimit */.Bv)(clock, signal, step.startedAt + timeoutMs - clock.now(), async (limited) => {
        try {
            await settle(step, { ...github, signal: limited }, context, read, deps);
        }
        catch (error) {
            const isFaulty = error instanceof src_outcome/* Ended */.lj && error.outcome.kind === 'invalid_inputs';
            throw limited.aborted && !isFaulty ? (0,src_outcome/* outOfTime */.p3)('launch') : error;
        }
    });
    return step;
}
function checkFiles(runner) {
    try {
        runner.checkOutputs();
        runner.writeFile('report.md', '\n');
    }
    catch (error) {
        throw new src_outcome/* Ended */.lj({ kind: 'no_outputs', message: error.message });
    }
}
async function settle(step, github, context, read, deps) {
    const { runner, clock } = deps;
    const { config, pullRequest: given, commitStatus, apiKey } = read.inputs;
    try {
        step.context = await resolvePullRequest(github, context, given);
        const { commit, event, pullRequest } = step.context;
        const from = commit === runner.environment.GITHUB_SHA
            ? 'GITHUB_SHA'
            : commit === context.commit
                ? "the event's file"
                : 'GitHub';
        const of = pullRequest && `, pull request #${pullRequest.number} with head ${pullRequest.head}`;
        runner.debug((0,text_escape/* logLine */.BP) `Commit ${commit} from ${from} on ${event}${of ?? ''}`);
        if (event === 'issue_comment' && pullRequest === null)
            runner.line({
                safe: 'This issue is not a pull request, so the step reviews the default branch and posts no report.',
            });
    }
    catch (error) {
        step.inputs = { ...read.inputs, comment: 'never', commitStatus: '' };
        if (!(error instanceof src_outcome/* GithubFailure */.Ed))
            throw error;
        const number = given ?? context.namedPullRequest ?? 0;
        throw new src_outcome/* Ended */.lj({ kind: 'pull_request', number, failure: error });
    }
    const { inputs, faults, gateFaults, runTests } = config === '' ? read : await readWithConfig(step, github, step.context, config, deps);
    step.inputs = inputs;
    if (faults.length + gateFaults.length > 0) {
        if (context.isPrivate &&
            step.client &&
            apiKey !== '' &&
            gateFaults.length === 0 &&
            faults.every(({ input }) => input === 'workflow_id'))
            await logWorkflows(runner, step.client, github.signal);
        throw new src_outcome/* Ended */.lj({ kind: 'invalid_inputs', faults, gateFaults });
    }
    for (const failed of runTests(() => clock.now()))
        runner.warning(describeFailedTest(failed, failed.where));
    if (!/^$|\{/.test(inputs.runUrl))
        runner.warning('`run_url` has no placeholder, so every run has the same link: add `{run_id}`.');
    if (apiKey === '')
        throw new src_outcome/* Ended */.lj({ kind: 'missing_key', isWithheld: context.secretsWithheld });
    if (commitStatus !== '' && isAtHead(step.context)) {
        const { commit: sha, workflowRunUrl: targetUrl } = step.context;
        const status = { sha, context: commitStatus, description: 'Running', targetUrl };
        const result = await setStatus(github, { ...status, state: 'pending' });
        if (result.code === 'failed')
            throw new src_outcome/* Ended */.lj({ kind: 'commit_status', failure: result.failure });
        step.pendingStatusId = result.code === 'set' ? result.id : null;
    }
}
async function readWithConfig(step, github, context, config, { runner, clock }) {
    const read = (file) => readInputs(runner.environment, context, file);
    try {
        const found = await fetchConfig(github, config, context);
        const file = 'commit' in found ? found : undefined;
        const governing = await read(file);
        if (file)
            runner.line((0,text_escape/* logLine */.BP) `The gate is that of ${config} at ${file.commit.slice(0, 7)}`);
        if (file)
            runner.debug((0,text_escape/* logLine */.BP) `Config file: ${file.name}, commit ${file.commit}`);
        const faults = 'commit' in found ? [...governing.faults] : [found];
        const gateFaults = [...governing.gateFaults];
        const hasCopy = context.mergeCommit !== '' && !config.includes('@');
        const copy = hasCopy && (await fetchOwnCopy(github, config, context.mergeCommit, file?.text ?? null));
        if (copy && !('commit' in copy))
            faults.push(copy);
        else if (copy) {
            const own = await read(copy);
            const isOwn = ({ place }) => place === copy.place;
            const found = [
                ...own.faults.filter(isOwn),
                ...own
                    .runTests(() => clock.now())
                    .map((failed) => ({
                    text: describeFailedTest(failed, failed.where),
                    input: 'tests',
                    entry: '',
                    place: copy.place,
                })),
            ];
            const foundInGate = own.gateFaults.filter(isOwn);
            faults.push(...found);
            gateFaults.push(...foundInGate);
            step.changesGate = found.length + foundInGate.length === 0;
        }
        return { ...governing, faults, gateFaults };
    }
    catch (error) {
        if (error instanceof src_outcome/* GithubFailure */.Ed)
            throw new src_outcome/* Ended */.lj({ kind: 'config', failure: error });
        throw error;
    }
}

;// CONCATENATED MODULE: ./src/gate/save.ts



function decideToSave(facts, results) {
    const failing = results
        .flatMap((result) => result?.conditions ?? [])
        .filter(({ condition }) => condition.severity === 'fail');
    if (facts.branch === '')
        return 'no_baseline';
    if (!BASELINE_EVENTS.includes(facts.event))
        return 'other_event';
    if (facts.ref !== `refs/heads/${facts.branch}`)
        return 'other_ref';
    if (facts.hasPullRequest)
        return 'with_pull_request';
    if (facts.hasRunId)
        return 'with_run_id';
    if (!hasArtifacts(facts.serverUrl))
        return 'enterprise_server';
    if (results.includes(null))
        return 'not_completed';
    if (failing.some(({ result }) => result === 'cannot_be_evaluated'))
        return 'not_evaluated';
    if (failing.some(({ result, findings }) => result === 'met' && findings.length === 0))
        return 'only_true';
    const findings = failing.flatMap((one) => [...one.findings, ...one.waived]);
    if (findings.length > 0 && findings.every(({ digest }) => digest === ''))
        return 'no_identity';
    const codes = results.map((result) => result?.baseline.code);
    if (codes.some((code) => code === 'not_fetched' || code === 'timed_out'))
        return 'baseline_unavailable';
    if (!facts.isRequested && codes.includes('damaged'))
        return 'baseline_damaged';
    if (!facts.isRequested && failing.some(({ isFailing }) => isFailing))
        return 'failing';
    return 'save';
}
const save_MAX_VALUES = 1_000;
const MAX_VALUE_LENGTH = 100;
const MAX_MISSED = 3;
function toSavedEntry({ entry, workflowId, projectId }, { conditions, baseline }, now, maxMissed = MAX_MISSED) {
    const before = baseline.code === 'usable' ? baseline.entries.find(({ name }) => name === entry) : undefined;
    const gated = conditions.filter(({ condition, knownBy }) => condition.severity === 'fail' && knownBy.length > 0);
    return {
        name: entry,
        workflowId,
        projectId,
        conditions: gated.map((one) => {
            const { condition, knownBy } = one;
            const id = digestScope(entry, condition, knownBy);
            const findings = one.findings
                .filter(({ digest }) => digest !== '')
                .map(({ digest, value, saved }, nth) => {
                const { since, by } = saved ?? now;
                const fields = nth < save_MAX_VALUES ? knownBy.slice(0, 2) : [];
                const values = fields.map((field) => (0,text_escape/* truncate */.xv)(readFieldText(value, field) ?? '', MAX_VALUE_LENGTH));
                return { digest, values, missed: 0, since, by };
            });
            const waived = one.waived.map(({ digest }) => digest).filter(Boolean);
            const earlier = before?.conditions.find((other) => other.id === id)?.findings ?? [];
            return {
                id,
                name: digestScope(entry, condition, []),
                findings: [...findings, ...carryOver(earlier, findings, waived, maxMissed)],
                waived,
            };
        }),
    };
}
function carryOver(earlier, findings, waived, maxMissed) {
    const isWaived = new Set(waived);
    const reported = Map.groupBy(findings, ({ digest }) => digest);
    return earlier
        .filter(({ digest }) => !isWaived.has(digest) && reported.get(digest)?.pop() === undefined)
        .map((one) => ({ ...one, missed: one.missed + 1 }))
        .filter(({ missed }) => missed < maxMissed);
}

// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __nccwpck_require__(76760);
;// CONCATENATED MODULE: ./src/github/artifact.ts







const LIMIT_MS = 20_000;
const PER_PAGE = 100;
const MAX_PAGES = 3;
const artifact_MAX_BYTES = 8 * 1024 * 1024;
function nameBaseline({ workflowFile, job, stepId }, { matrix, title }) {
    const identity = (0,external_node_crypto_.hash)('sha256', JSON.stringify([workflowFile, job, stepId, matrix, title]));
    return `alloovium-baseline-${job}-${identity.slice(0, 12)}.json`;
}
async function fetchBaseline(github, context, inputs) {
    if (inputs.baseline === '')
        return { code: 'none' };
    if (!hasArtifacts(context.serverUrl))
        return { code: 'enterprise_server' };
    try {
        const state = await (0,src_clock/* withTimeLimit */.Bv)(github.clock, github.signal, LIMIT_MS, (signal) => {
            const limited = { ...github, signal };
            return callGithub(limited, (octokit, at) => findBaseline({ octokit, at, github: limited, context, inputs }));
        });
        const found = state.code === 'usable' ? `saved at ${state.commit}` : state.code.replaceAll('_', ' ');
        github.debug((0,text_escape/* logLine */.BP) `Baseline of ${inputs.baseline}: ${found}`);
        return state;
    }
    catch (error) {
        if (!(error instanceof src_outcome/* GithubFailure */.Ed))
            throw error;
        return error.code === 'out_of_time' ? { code: 'timed_out' } : { code: 'not_fetched', failure: error };
    }
}
async function findBaseline(search) {
    const { octokit, at } = search;
    const branch = search.inputs.baseline;
    const artifacts = await listArtifacts(search);
    search.github.debug((0,text_escape/* logLine */.BP) `Artifacts named ${nameBaseline(search.context, search.inputs)}: ${artifacts.length}`);
    const head = await artifact_findOrNull(octokit.rest.git.getRef({ ...at, ref: `heads/${branch}` }));
    if (head === null)
        return { code: 'no_branch', branch };
    let reason = { code: 'missing', branch };
    for (const artifact of artifacts) {
        const why = await findDistrust(artifact, head.object.sha, search);
        const verdict = why === null ? 'counts' : `does not count (${why.replaceAll('_', ' ')})`;
        const origin = artifact.workflow_run;
        search.github.debug((0,text_escape/* logLine */.BP) `Artifact ${artifact.id} of workflow run ${origin?.id ?? 'unknown'} on ${origin?.head_branch ?? 'no branch'}, created ${artifact.created_at ?? 'unknown'}: ${verdict}`);
        if (why === null)
            return readArtifact(artifact, search);
        if (reason.code === 'missing')
            reason = { code: 'untrusted', branch, why };
    }
    return reason;
}
async function listArtifacts({ octokit, at, context, inputs }) {
    const name = nameBaseline(context, inputs);
    const artifacts = [];
    for (let page = 1; page <= MAX_PAGES && artifacts.length === (page - 1) * PER_PAGE; page++) {
        const query = { ...at, name, per_page: PER_PAGE, page };
        const { data } = await octokit.rest.actions.listArtifactsForRepo(query);
        artifacts.push(...data.artifacts);
    }
    return artifacts.sort((a, b) => (b.workflow_run?.id ?? 0) - (a.workflow_run?.id ?? 0) || b.id - a.id);
}
async function artifact_findOrNull(call) {
    try {
        return (await call).data;
    }
    catch (error) {
        if (error.status === 404)
            return null;
        throw error;
    }
}
async function findDistrust({ workflow_run: origin }, branchHead, { octokit, at, context, inputs }) {
    const run_id = origin?.id ?? 0;
    if (run_id === 0 || origin?.head_repository_id !== origin?.repository_id)
        return 'fork';
    if (origin?.head_branch !== inputs.baseline)
        return 'other_branch';
    if (String(run_id) === context.workflowRunId)
        return 'this_job_run';
    const { data: run } = await octokit.rest.actions.getWorkflowRun({ ...at, run_id });
    if (!BASELINE_EVENTS.includes(run.event))
        return 'other_event';
    if (run.path.replace(/@.*/s, '') !== context.workflowFile)
        return 'other_file';
    const basehead = `${branchHead}...${run.head_sha}`;
    const compared = await artifact_findOrNull(octokit.rest.repos.compareCommitsWithBasehead({ ...at, basehead, per_page: 1 }));
    return compared?.status === 'behind' || compared?.status === 'identical' ? null : 'commit_not_on_branch';
}
async function readArtifact(artifact, search) {
    const savedAt = artifact.created_at ?? '';
    if (artifact.expired)
        return { code: 'expired', savedAt };
    if (artifact.size_in_bytes > artifact_MAX_BYTES)
        return { code: 'damaged' };
    const content = await download(artifact.id, search);
    if (artifact.digest !== `sha256:${(0,external_node_crypto_.hash)('sha256', content)}`)
        return { code: 'damaged' };
    try {
        const entries = readBaseline(content.toString());
        if (entries === null)
            return { code: 'missing', branch: search.inputs.baseline };
        const commit = artifact.workflow_run?.head_sha ?? '';
        return { code: 'usable', commit, savedAt, expiresAt: artifact.expires_at ?? '', entries };
    }
    catch {
        return { code: 'damaged' };
    }
}
async function download(artifact_id, { octokit, at, github }) {
    const { headers } = await octokit.rest.actions.downloadArtifact({
        ...at,
        artifact_id,
        archive_format: 'zip',
        request: { redirect: 'manual' },
    });
    const { ok, status, body } = await github.fetch(headers.location ?? '', {
        redirect: 'error',
        signal: github.signal,
    });
    if (!ok)
        throw new Error(`The store answered ${status}`);
    return readBody(body);
}
async function uploadFile(name, file) {
    const { DefaultArtifactClient } = await Promise.all(/* import() */[__nccwpck_require__.e(351), __nccwpck_require__.e(656)]).then(__nccwpck_require__.bind(__nccwpck_require__, 56656));
    await new DefaultArtifactClient().uploadArtifact(name, [file], (0,external_node_path_.dirname)(file), { skipArchive: true });
}
async function saveBaseline(context, inputs, entries, { runner, clock, signal }, upload = uploadFile) {
    const name = nameBaseline(context, inputs);
    const text = formatBaseline(entries, context.isPrivate && inputs.jobSummary);
    if (Buffer.byteLength(text) > artifact_MAX_BYTES)
        return { code: 'too_large' };
    runner.startGroup((0,text_escape/* logLine */.BP) `Save the baseline`);
    try {
        const uploaded = upload(name, runner.writeFile(name, text)).then(() => 'saved');
        return { code: (await (0,src_clock/* waitAtMost */._R)(clock, uploaded, LIMIT_MS, signal)) ?? 'timed_out' };
    }
    catch (error) {
        return { code: 'failed', message: error.message };
    }
    finally {
        runner.endGroup();
    }
}

;// CONCATENATED MODULE: ./src/github/comment.ts




const MAX_HIDDEN_LENGTH = 12_000;
async function upsertComment(github, comment) {
    const { identity, pullRequest, commit, startedAt, canCreate, render } = comment;
    const marker = createMarker(identity);
    let createdId = null;
    try {
        return await callGithub(github, async (octokit, repository) => {
            const { viewer } = await octokit.graphql('{ viewer { login } }');
            const issue = { ...repository, issue_number: pullRequest };
            const find = () => findComment(octokit, issue, viewer.login, marker);
            let existing = await find();
            const { data: pull } = await octokit.rest.pulls.get({ ...repository, pull_number: pullRequest });
            const { sha: head } = pull.head;
            github.debug(existing === null
                ? (0,text_escape/* logLine */.BP) `Comment of ${viewer.login} that begins with ${marker}: none`
                : (0,text_escape/* logLine */.BP) `Comment of ${viewer.login} that begins with ${marker}: ${existing.id}`);
            if (head !== commit)
                return { code: 'outdated', head };
            if (existing === null && !canCreate)
                return { code: 'none' };
            const previous = readHiddenLine(existing?.body ?? '')?.previous ?? null;
            const body = `${marker}\n${render(previous)}\n${formatHiddenLine(comment)}`;
            const { issues } = octokit.rest;
            if (existing === null) {
                const { data: created } = await issues.createComment({ ...issue, body });
                createdId = created.id;
                existing = await find();
                if (existing === null || existing.id === createdId)
                    return { code: 'created', url: created.html_url };
            }
            const isNewer = (readHiddenLine(existing.body ?? '')?.startedAt ?? 0) > startedAt;
            if (!isNewer)
                await issues.updateComment({ ...repository, comment_id: existing.id, body });
            if (createdId !== null)
                await issues.deleteComment({ ...repository, comment_id: createdId });
            return isNewer ? { code: 'newer_report' } : { code: 'updated', url: existing.html_url };
        });
    }
    catch (error) {
        if (!(error instanceof src_outcome/* GithubFailure */.Ed))
            throw error;
        return { code: 'failed', failure: error };
    }
}
function createMarker(identity) {
    const digest = (0,external_node_crypto_.hash)('sha256', JSON.stringify(identity));
    return `<!-- alloovium-run-workflow ${digest.slice(0, 32)} -->`;
}
async function findComment(octokit, issue, author, marker) {
    for (let page = 1;; page++) {
        const { data, headers } = await octokit.rest.issues.listComments({ ...issue, per_page: 30, page });
        const found = data.find(({ user, body }) => user?.login === author && body?.split(/\r?\n/, 1)[0] === marker);
        if (found !== undefined)
            return found;
        if (headers.link?.includes('rel="next"') !== true)
            return null;
    }
}
function formatHiddenLine({ startedAt, commit, digests }) {
    const found = digests && ` found ${[commit, ...digests].join(' ')}`;
    const isShort = found !== null && found.length <= MAX_HIDDEN_LENGTH;
    return `<!-- started ${startedAt}${isShort ? found : ''} -->`;
}
function readHiddenLine(body) {
    const [line, startedAt, commit = '', digests = ''] = /<!-- started (\d+)(?: found ([0-9a-f]{40,64})((?: [\w-]+)*))? -->\s*$/.exec(body) ?? [];
    if (line === undefined)
        return null;
    const previous = commit === '' ? null : { commit, digests: new Set(digests.match(/[\w-]+/g)) };
    return { startedAt: Number(startedAt), previous };
}

;// CONCATENATED MODULE: ./src/report/columns.ts


const columns_MAX_KEYS = 64;
const MAX_LEAVES = 4;
function listTexts(value, name = '') {
    if (value === undefined || value === null)
        return [];
    if ((0,src_json/* isList */.Lv)(value))
        return value.slice(0, columns_MAX_KEYS).flatMap((one) => listTexts(one, name));
    if ((0,src_json/* isJsonObject */.OW)(value))
        return Object.entries(value).flatMap(([key, one]) => listTexts(one, key));
    const text = typeof value === 'string' ? value.trim() : (0,text_format/* joinPresent */.uE)(' ', name, JSON.stringify(value));
    return text === '' ? [] : [text];
}
function formatTexts(value) {
    const texts = listTexts(value);
    return (0,text_format/* joinPresent */.uE)(', ', ...texts.slice(0, MAX_LEAVES), texts.length > MAX_LEAVES && '…');
}
function ownValue(item, key) {
    return (0,src_json/* isJsonObject */.OW)(item) && Object.hasOwn(item, key) ? item[key] : undefined;
}
function valueAt(item, field) {
    if (!(0,src_json/* isJsonObject */.OW)(item) || Object.hasOwn(item, field))
        return ownValue(item, field);
    const [key = '', ...rest] = field.split('.');
    return rest.length > 0 ? valueAt(ownValue(item, key), rest.join('.')) : undefined;
}
const MACHINE_ID = /^((?:[a-z]{1,12}_)?)(?=(.{8}))(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16,64})$/i;
function readField(rows, field, isCut, read) {
    const texts = rows.map((row) => formatTexts(read(row, field)));
    const short = texts.map((text) => text.replace(MACHINE_ID, '$1$2'));
    const shown = isCut && new Set(short).size === new Set(texts).size ? short : texts;
    return { field, cells: shown.map((text, at) => ({ text, isCode: short[at] !== texts[at] })) };
}
function isUniform({ cells }) {
    return cells.every(({ text }) => text === cells[0]?.text);
}
function isOfIds({ cells }) {
    return cells.every(({ text, isCode }) => isCode || text === '');
}
function rankColumn(column) {
    return column.cells.length > 1 && isUniform(column) ? 2 : Number(isOfIds(column));
}
function isSame(one, other) {
    const [first, second] = [one, other].map((text) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ''));
    return first === second;
}
function chooseColumns(rows, { fields, max, hasShortIds = false, linked = [], said = '' }) {
    const readAll = (names, read) => names
        .map((field) => readField(rows, field, hasShortIds, read))
        .filter(({ cells }) => cells.some(({ text }) => text !== ''));
    const authors = readAll(fields, valueAt);
    if (authors.length > 0)
        return authors.slice(0, max);
    const keys = rows.every((row) => (0,src_json/* isJsonObject */.OW)(row)) ? new Set(rows.flatMap((row) => Object.keys(row))) : [];
    const all = readAll([...keys].slice(0, columns_MAX_KEYS), ownValue);
    const telling = all.filter((column) => !isUniform(column) || !isSame(column.cells[0]?.text ?? '', said));
    const shown = telling.length > 0 ? telling : all;
    const best = shown.toSorted((one, other) => rankColumn(one) - rankColumn(other)).slice(0, max);
    const isLast = (column) => isOfIds(column) && !linked.includes(column.field);
    if (best.length > 0)
        return shown
            .filter((column) => best.includes(column))
            .sort((one, other) => Number(isLast(one)) - Number(isLast(other)));
    const cells = rows.map((row) => ({ text: formatTexts(row) || JSON.stringify(row), isCode: false }));
    return [{ field: 'item', cells }];
}
function isPlainWord(field) {
    return /^(?:\p{Script=Latin}[[\p{Ll}&&\p{Script=Latin}]0-9]{0,39}|[A-Z][A-Z0-9]{0,39})$/v.test(field);
}
const MAX_FIELDS = 12;
const columns_MAX_VALUES = 6;
const SHORT = /^.{1,32}$/s;
function countFieldValues(rows) {
    const keys = new Set(rows.flatMap((row) => Object.keys(row)));
    return [...keys].slice(0, MAX_FIELDS).map((key) => {
        const texts = rows.map((row) => ownValue(row, key)).filter((text) => typeof text === 'string');
        const values = [...Map.groupBy(texts, String)].map(([text, { length }]) => [text, length]);
        const isShort = texts.length === rows.length && texts.every((text) => SHORT.test(text));
        const isTelling = isShort && values.length <= columns_MAX_VALUES && values.length < rows.length;
        return [key, isTelling ? values : []];
    });
}

;// CONCATENATED MODULE: ./src/report/messages.ts






function nameOf({ name, expression }) {
    return name === null ? `\`${(0,text_escape/* truncate */.xv)(expression, 60).replace(/[`"]/g, "'")}\`` : `“${name}”`;
}
function describeCount(result) {
    const { findings } = result;
    if (result.result === 'cannot_be_evaluated')
        return 'cannot be evaluated';
    const all = countItems(result);
    if (all !== null)
        return `${(0,text_format/* formatNumber */.ZV)(findings.length)} of ${(0,text_format/* formatCount */.B4)(all, 'item')}`;
    if (findings.length > 0)
        return (0,text_format/* formatCount */.B4)(findings.length, 'item');
    return result.result === 'met' ? 'met' : 'not met';
}
function describeFinding(result) {
    const { condition, findings } = result;
    const name = messages_labelOf(result);
    if (result.result === 'cannot_be_evaluated')
        return `Error in condition ${nameOf(condition)}`;
    if (findings.length === 0)
        return `Condition met: ${name}`;
    const counts = countFindings([result]);
    if (counts.known > 0)
        return `${(0,text_format/* formatCounts */.gM)({ new: counts.new, known: counts.known })}: ${name}`;
    return `${describeCount(result)}: ${name}`;
}
const MAX_NAMED = 5;
function describeFindings(results) {
    const shown = results.slice(0, MAX_NAMED).map((one) => (0,text_format/* lowerFirst */.oZ)(describeFinding(one)));
    const more = results.length - shown.length;
    return (0,text_format/* capitalise */.sK)((0,text_format/* joinPresent */.uE)('; ', ...shown, more > 0 && (0,text_format/* formatCount */.B4)(more, 'more condition')));
}
function describePass(results, outputs) {
    const warned = results.filter(({ isWarning }) => isWarning);
    if (warned.length > 0)
        return describeFindings(warned);
    const gate = results.filter(({ condition }) => condition.severity === 'fail');
    if (gate.length === 0) {
        const lists = (0,src_json/* isJsonObject */.OW)(outputs) ? Object.values(outputs).filter(src_json/* isList */.Lv) : [];
        const [list] = lists.length === 1 ? lists : [];
        return list ? `${(0,text_format/* formatCount */.B4)(list.length, 'item')} reviewed, not gated` : 'Reviewed, not gated';
    }
    const accepted = describeAccepted(results);
    if (accepted !== '')
        return `No new findings${(0,text_format/* inBrackets */.Te)(accepted)}`;
    const counts = new Set(gate.map(countItems).filter((count) => count !== null));
    const [all] = counts.size === 1 ? counts : [];
    return all === 0
        ? 'No items reviewed'
        : (0,text_format/* joinPresent */.uE)(' in ', 'No findings', all && (0,text_format/* formatCount */.B4)(all, 'item'));
}
function describeAccepted(results) {
    const { known, waived } = countFindings(results);
    return (0,text_format/* formatCounts */.gM)({ known, waived });
}
function describeResult(result) {
    return describeCount(result) + (0,text_format/* inBrackets */.Te)(describeAccepted([result]));
}
function messages_labelOf({ condition }) {
    return condition.name ?? nameOf(condition);
}
function formatTally(field, values, escape) {
    const counts = values.map(([text, count]) => `${(0,text_format/* formatNumber */.ZV)(count)} ${escape(text)}`);
    return (0,text_format/* joinPresent */.uE)(': ', escape(`\`${field}\``), counts.join(', '));
}
function describeCause({ problem }) {
    if (problem === null)
        return '';
    const { what, fix } = describeProblem(problem);
    return `${what}; ${fix}`;
}
function describeBaseline({ commit, savedAt }, conditions) {
    const compared = conditions.filter(({ isCompared }) => isCompared);
    const gone = (0,text_format/* formatCounts */.gM)({ 'no longer reported since': countFindings(compared).noLongerReported });
    const name = (0,text_format/* joinPresent */.uE)(' of ', 'the baseline', (0,text_format/* formatTime */.fU)(savedAt));
    return compared.length > 0 ? `${gone || 'compared with'} ${name} at \`${commit.slice(0, 7)}\`` : '';
}
function describeChanges(results, previous) {
    const gates = results.map(({ gateResult }) => gateResult);
    const conditions = gates.flatMap((gate) => gate?.conditions ?? []);
    const usable = gates.map((gate) => gate?.baseline).find((one) => one?.code === 'usable');
    if (usable)
        return describeBaseline(usable, conditions);
    if (previous === null)
        return '';
    const digests = conditions.flatMap((one) => one.knownBy.length > 0 ? one.findings.map(({ digest }) => digest) : []);
    const before = previous.digests;
    const stayed = digests.filter((digest) => before.has(digest)).length;
    const isWhole = gates.every((gate) => gate && isComplete(gate));
    const gone = isWhole ? before.difference(new Set(digests)).size : 0;
    const fresh = (0,text_format/* formatCounts */.gM)({ new: digests.length - stayed }) || (stayed > 0 && 'nothing new');
    const counts = (0,text_format/* joinPresent */.uE)(', ', fresh, (0,text_format/* formatCounts */.gM)({ 'still open': stayed, 'no longer reported': gone }));
    return counts && `since \`${previous.commit.slice(0, 7)}\`: ${counts}`;
}
function describeComparison({ found, both, missing }, runId) {
    const count = missing.length;
    return (0,text_format/* joinPresent */.uE)('; ', found > 0 && `also found by \`${runId}\`: ${both} of ${(0,text_format/* formatNumber */.ZV)(found)}`, count > 0 && `\`${runId}\` found ${(0,text_format/* formatCount */.B4)(count, 'item')} that this run did not`);
}
function describeRemark(remark) {
    if (remark.code === 'waiver_ended')
        return `waiver ended on ${remark.until}`;
    return `the waiver accepts ${remark.count}, and ${remark.items} fit it`;
}
function describeNotice(notice) {
    switch (notice.code) {
        case 'secret_in_answer':
            return 'An answer of the API contained a secret of this job, which is shown as ***.';
        case 'unknown_status':
            return `This version of the action does not know the status ${JSON.stringify(notice.status)}, and waits: look at the run in the Alloovium dashboard.`;
        case 'maybe_another_run':
            return `An earlier attempt to start this run may have started another one (key \`${notice.key}\`): look for it in Alloovium.`;
        case 'unknown_field': {
            const instead = notice.nearest ? `, but ${JSON.stringify(notice.nearest)}` : '';
            return `\`${notice.input}\`: nothing found has a field \`${notice.field}\`${instead}.`;
        }
        case 'unused_waivers':
            return `These waivers match nothing: ${(0,text_format/* formatList */.ki)(notice.positions.map(String), 10)}, counted from 1. Delete them, or check that their values are whole.`;
        case 'comment':
            if (notice.result.code !== 'failed')
                return `No comment: ${notice.result.code === 'outdated' ? 'the pull request has a newer commit' : 'a step that started later has reported'}.`;
            return `The comment was not written: ${joinFailure(notice.result.failure, 'pull-requests: write')}.`;
        case 'status':
            return `The commit status was not written: ${joinFailure(notice.failure, 'statuses: write')}. It stays \`pending\` until this job is re-run.`;
        case 'outputs_missing': {
            const names = notice.names.map((name) => `\`${name}\``);
            const why = 'Some step outputs are missing, since the action uses the name or there is no space';
            return `${(0,text_format/* joinPresent */.uE)(': ', why, (0,text_format/* formatList */.ki)(names, 5))}. \`outputs_file\` has them.`;
        }
    }
}

;// CONCATENATED MODULE: ./src/report/log.ts






const MAX_ITEMS = 10;
const MAX_ROWS = 400;
const MAX_ITEM_LENGTH = 200;
const MAX_COLUMNS = 4;
const MAX_REASON_LINES = 40;
const MAX_REASON = 1_000;
const MAX_CAUSES = 3;
function formatResultLines(report) {
    const { results, baselineRemark, notices } = report;
    const changes = describeChanges(results, null);
    const said = new Set();
    const sayOnce = (text) => {
        const isNew = !said.has(text);
        said.add(text);
        return isNew ? text : '';
    };
    return [
        ...results.flatMap((result) => [
            ...(results.length > 1 ? formatEntry(result, sayOnce) : []),
            ...result.conditions.flatMap((finding) => formatCondition(finding, result, report, sayOnce)),
        ]),
        ...results.flatMap(({ comparison, earlier }) => {
            const text = comparison && describeComparison(comparison, earlier?.runId ?? '');
            return text ? [(0,text_escape/* logLine */.BP) `    ${(0,text_escape/* escapeSentenceForLog */.Ww)((0,text_format/* capitalise */.sK)(text))}`] : [];
        }),
        ...(changes === '' ? [] : [(0,text_escape/* logLine */.BP) `    ${(0,text_escape/* escapeSentenceForLog */.Ww)((0,text_format/* capitalise */.sK)(changes))}`]),
        ...[baselineRemark, ...notices].filter(Boolean).map(text_escape/* escapeSentenceForLog */.Ww),
    ];
}
function formatEntry({ entry, words }, sayOnce) {
    const headline = (0,text_escape/* escapeSentenceForLog */.Ww)((0,text_format/* lowerFirst */.oZ)(words.headline));
    return [(0,text_escape/* logLine */.BP) `${entry.name}: ${headline}`, ...formatReason(sayOnce(words.reason))];
}
function formatReason(reason) {
    const lines = reason.split('\n').filter(Boolean);
    return lines.slice(0, MAX_REASON_LINES).map((line) => (0,text_escape/* logLine */.BP) `    | ${line}`);
}
function formatCondition(finding, { entry }, { isQuiet, step }, sayOnce) {
    const { condition, isFailing, isWarning, findings, tally } = finding;
    const sign = isFailing ? '✗' : isWarning ? '!' : '✓';
    const compared = tally && !isQuiet ? `; ${formatTally(tally.field, tally.values, text_escape/* escapeForLog */.zB)}` : '';
    const result = `${(0,text_escape/* escapeForLog */.zB)(messages_labelOf(finding))}: ${describeResult(finding)}${compared}`;
    const line = (0,text_escape/* logLine */.BP) `    ${sign} ${{ safe: result }}`;
    if (isQuiet)
        return [line];
    const cause = sayOnce(describeCause(finding));
    const shown = isFailing || isWarning ? findings.slice(0, MAX_ITEMS) : [];
    const values = findings.slice(0, MAX_ROWS).map(({ value }) => value);
    const columns = chooseColumns(values, { fields: fieldsFor(entry.columns, condition), max: MAX_COLUMNS });
    const more = findings.length - shown.length;
    const hasKnown = findings.some(({ isKnown }) => isKnown);
    return [
        line,
        ...(cause === '' ? [] : [(0,text_escape/* logLine */.BP) `      ${(0,text_escape/* escapeSentenceForLog */.Ww)(cause)}`]),
        ...shown.map(({ value, isKnown, remark }, at) => {
            const state = hasKnown && (isKnown ? 'known' : 'new');
            const texts = (0,text_format/* joinPresent */.uE)(' · ', ...columns.map(({ cells }) => cells[at]?.text));
            const text = (0,text_format/* joinPresent */.uE)(' · ', state, remark && describeRemark(remark), texts || JSON.stringify(value));
            return (0,text_escape/* logLine */.BP) `      - ${(0,text_escape/* truncate */.xv)(text, MAX_ITEM_LENGTH)}`;
        }),
        ...(shown.length > 0 && more > 0
            ? [(0,text_escape/* logLine */.BP) `      ${(0,text_format/* formatNumber */.ZV)(more)} more: ${{ safe: step.context?.workflowRunUrl ?? '' }}`]
            : []),
    ];
}
function formatStacks({ step, results, isQuiet }) {
    const outcomes = [step.outcome, ...results.map(({ runState }) => runState.outcome)];
    const stacks = outcomes.flatMap((one) => (one?.kind === 'crashed' && one.stack ? [one.stack] : []));
    return [...new Set(stacks)].map((stack) => formatStack(stack, isQuiet));
}
function formatStack(stack, isQuiet) {
    const lines = stack.split('\n').filter((line) => !isQuiet || /^\s+at /.test(line));
    return lines.slice(0, MAX_REASON_LINES).map((line) => (0,text_escape/* logLine */.BP) `| ${line}`);
}
function listFaults({ outcome }) {
    if (outcome?.kind !== 'invalid_inputs')
        return [];
    return [
        ...outcome.faults.map(({ text }) => [text]),
        ...outcome.gateFaults.map((fault) => formatGateFault(fault).split('\n')),
    ];
}
function isLong(reason) {
    return reason.includes('\n') || reason.length > MAX_REASON;
}
function createAnnotation({ verdict, words, results, step }) {
    const isFailing = verdict.exitCode !== 0;
    if (!isFailing && words.deciding.length === 0)
        return null;
    const faults = listFaults(step);
    const reason = results.length > 1 || faults.length > 0 || isLong(words.reason) ? '' : words.reason;
    const causes = faults.slice(0, MAX_CAUSES).map(([what = '']) => what);
    const more = (0,text_format/* formatCounts */.gM)({ 'more in the log': faults.slice(MAX_CAUSES).length });
    const sentences = [words.headline, reason, ...causes, more, words.whyNew].filter(Boolean).map(text_format/* endSentence */.H_);
    const next = words.steps.map(text_format/* endSentence */.H_).join(' ');
    const most = text_escape/* MAX_ANNOTATION_LENGTH */.I1 - next.length - 1;
    const text = (0,text_format/* joinPresent */.uE)(' ', (0,text_escape/* truncate */.xv)((0,text_escape/* escapeForAnnotation */.KY)(sentences.join(' ')), most), next);
    return { level: isFailing ? 'error' : 'warning', text };
}
function formatEndLines(report, elapsedMs) {
    const { verdict, words, results, step } = report;
    const [only] = results.length === 1 ? results : [];
    const faults = listFaults(step).flatMap((lines, at) => lines.slice(at < MAX_CAUSES ? 1 : 0));
    const reason = results.length <= 1 && step.outcome?.kind !== 'invalid_inputs' && isLong(words.reason)
        ? formatReason(words.reason)
        : [];
    const after = `${words.word} after ${(0,text_format/* formatDuration */.a3)(elapsedMs)}`;
    const run = (0,text_format/* joinPresent */.uE)(': ', after, only && (only.runUrl || only.runState.runId));
    return [
        ...(createAnnotation(report) === null
            ? [(0,text_escape/* escapeSentenceForLog */.Ww)([words.headline, ...words.steps].map(text_format/* endSentence */.H_).join(' '))]
            : [...faults.map((line) => (0,text_escape/* logLine */.BP) `    ${(0,text_escape/* escapeSentenceForLog */.Ww)(line)}`), ...reason]),
        { safe: `${run} (${verdict.conclusion})` },
    ];
}

;// CONCATENATED MODULE: ./src/report/tables.ts




const tables_MAX_ROWS = 400;
const MAX_CELLS = 20;
function countOpen({ findings }) {
    return findings.filter(({ isKnown }) => !isKnown).length;
}
function formatMore(count, { report: { step, isQuiet }, sink }, noun = '', file = '`gate_file`') {
    const summary = `the ${(0,text_escape/* link */.nf)('job summary', step.context?.workflowRunUrl ?? '')}`;
    const place = sink === 'comment' && !isQuiet ? summary : `${file}, which a later step can upload`;
    return count > 0 ? `**${(0,text_format/* joinPresent */.uE)(' ', (0,text_format/* formatNumber */.ZV)(count), 'more', noun)}** in ${place}` : '';
}
function divideRows(rows, needs) {
    const order = [...needs.entries()].sort(([, one], [, other]) => one - other);
    const shares = [...needs];
    let left = rows;
    for (const [nth, [at, need]] of order.entries()) {
        shares[at] = Math.min(need, Math.floor(left / (needs.length - nth)));
        left -= shares[at];
    }
    return shares;
}
function formatTable(columns) {
    const shown = columns.filter(([, cells]) => cells.some((cell) => cell !== ''));
    const rows = shown[0]?.[1].map((_, at) => shown.map(([, cells]) => cells[at])) ?? [];
    const lines = [shown.map(([title]) => title), shown.map(() => ':--'), ...rows];
    return rows.length === 0 ? '' : lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
function formatItems(items, fields, most, { runState }, { report, sink, columns: max, maxText }, said = '') {
    const itemUrl = report.step.inputs?.itemUrl ?? '';
    const linked = Array.from(itemUrl.matchAll(PLACEHOLDER), ([, name = '']) => name);
    const choice = { fields, max, hasShortIds: sink === 'comment', linked, said };
    return chooseColumns(items.slice(0, Math.max(most, tables_MAX_ROWS)), choice).map(({ field, cells }, nth) => [
        isPlainWord(field) ? (0,text_escape/* escapeForProse */.Ci)((0,text_format/* capitalise */.sK)(field)) : (0,text_escape/* formatCode */.P_)(field, 40),
        cells.slice(0, most).map(({ text, isCode }, at) => {
            const cell = text && (isCode ? text_escape/* formatCode */.P_ : text_escape/* escapeForProse */.Ci)(text, maxText);
            return nth > 0 ? cell : (0,text_escape/* link */.nf)(cell, fillUrl(itemUrl, runState, items[at] ?? null));
        }),
    ]);
}
function formatSection(title, body, { sink }) {
    if (sink !== 'comment')
        return body && `### ${title}\n\n${body}`;
    return body && `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;
}
function formatBullets(lines) {
    return lines.map((line) => `- ${line}`).join('\n');
}
function quoteLines(text, { maxText }, escape = text_escape/* escapeForProse */.Ci) {
    const start = (0,text_escape/* truncate */.xv)(text.trim(), MAX_CELLS * maxText);
    if (start.includes('\n  '))
        return (0,text_escape/* formatCodeBlock */.mU)(start);
    const lines = start.split(/[\r\n]+/).map((line) => escape(line, line.length));
    return start && `> ${lines.join('<br>')}`;
}

;// CONCATENATED MODULE: ./src/report/next-step.ts

const OF_COMMIT = /^(?:push|pull_request|pull_request_review|pull_request_review_comment)$/;
function formatNextStep(remedy, step, runState, isOnly) {
    const isNothing = runState === null || (runState.openRun === 'nothing' && runState.runId === '');
    const open = describeOpenRun(runState, isOnly);
    const action = formatAction(remedy, step, runState, isOnly);
    return (0,text_format/* joinPresent */.uE)(' ', open, action, isNothing && 'Nothing was started.');
}
function formatAction(remedy, step, runState, isOnly) {
    const { fixedIn, fix, startsRun } = remedy;
    const { context, inputs } = step;
    const { event = 'push', workflowFile = '' } = context ?? {};
    const isGiven = Boolean(runState?.runPlan.runId);
    if (startsRun && isGiven)
        return say((0,text_format/* joinPresent */.uE)(', then ', fix, 'name another run in `run_id`'));
    const owner = event.startsWith('pull_request')
        ? `For whoever maintains \`${workflowFile.replace(/^.*\//, '')}\`: `
        : '';
    const and = /, | and /.test(fix) ? ', then ' : ' and ';
    switch (fixedIn) {
        case 'workflow_file': {
            const shared = isShared(step) && 'If you change the reusable workflow, use *Re-run all jobs* instead.';
            return (0,text_format/* joinPresent */.uE)(' ', say(fix + afterWorkflowFile(event, and), owner), shared);
        }
        case 'own_config_file':
            return say(`${fix}${and}push`, owner);
        case 'config_file': {
            const isElsewhere = inputs?.config.includes('@');
            const place = isElsewhere ? `in \`${inputs?.config}\`` : 'on the default branch';
            const moved = isElsewhere && 'If it is a tag or a SHA, name the new one in `config` and push.';
            return (0,text_format/* joinPresent */.uE)(' ', say(`${fix} ${place}, then ${rerun(step)}`, owner), moved);
        }
        case 'settings':
            return say((0,text_format/* joinPresent */.uE)(', then ', fix, rerun(step, goalOf(remedy, step, runState, isOnly))), owner);
        case 'alloovium':
        case 'nowhere':
            return say((0,text_format/* joinPresent */.uE)(', then ', fix, rerun(step, goalOf(remedy, step, runState, isOnly))));
    }
}
function say(text, owner = '') {
    return `${owner ? owner + (0,text_format/* lowerFirst */.oZ)(text) : (0,text_format/* capitalise */.sK)(text)}.`;
}
const RERUN = 're-run this job';
function rerun({ context }, goal = '') {
    if (context?.event === 'merge_group')
        return 'queue the pull request again';
    return `${context?.isFork ? 'ask a maintainer to ' : ''}${RERUN}${goal}`;
}
function goalOf({ startsRun }, { inputs }, runState, isOnly) {
    const { openRun = 'nothing', runId = '' } = runState ?? {};
    if (openRun === 'unkept')
        return ', which may start a second run';
    if (openRun !== 'perhaps' && runId === '')
        return startsRun ? ' to start a new run' : '';
    if (startsRun || inputs?.onRerun === 'fresh')
        return ' to start a new run';
    if (openRun === 'perhaps')
        return ' to pick up the run, if one started';
    return openRun === 'run' ? ' to pick it up' : ` to pick up ${isOnly ? `\`${runId}\`` : 'the run'}`;
}
function describeOpenRun(runState, isOnly) {
    const { openRun = 'nothing', runId = '' } = runState ?? {};
    if (openRun === 'unkept')
        return 'A run may have started: look for it in Alloovium first.';
    if (openRun === 'run')
        return `${isOnly ? `\`${runId}\`` : 'The run'} is still running in Alloovium.`;
    return '';
}
function isShared({ context, inputs }) {
    const ref = inputs?.workflowRef ?? '';
    return ref !== '' && !ref.startsWith(`${context?.repository}/`) && !/@[0-9a-f]{40}$/.test(ref);
}
function afterWorkflowFile(event, and) {
    if (OF_COMMIT.test(event))
        return `${and}push`;
    if (event === 'merge_group')
        return `${and}queue the pull request again`;
    if (event === 'schedule')
        return ' on the default branch; the next scheduled run uses it';
    return ' on the default branch, then start this GitHub workflow again: a re-run would use the old file';
}

;// CONCATENATED MODULE: ./src/report/rest.ts







function formatComparison({ comparison, earlier }) {
    if (comparison === null)
        return '';
    return (0,text_escape/* escapeSentenceForMarkdown */.JP)((0,text_format/* capitalise */.sK)(describeComparison(comparison, earlier?.runId ?? '')));
}
function formatValues({ conditions }) {
    const lines = conditions.flatMap(({ tally }) => tally ? [`Values of ${formatTally(tally.field, tally.values, text_escape/* escapeSentenceForMarkdown */.JP)}`] : []);
    return [...new Set(lines)].join('<br>');
}
function formatName({ entry }) {
    return (0,text_escape/* escapeForProse */.Ci)(entry.name, 64);
}
function iconOf({ isFailing, isWarning }) {
    return isFailing ? '❌' : isWarning ? '⚠️' : '✅';
}
function renderRest(view) {
    const { report, results } = view;
    const counts = new Map();
    const words = new Set();
    const parts = results.map((result) => {
        const { conditions, entry, runState } = result;
        const groups = listGroups(result);
        for (const [word, { length }] of groups)
            counts.set(word, (counts.get(word) ?? 0) + length);
        const outputs = conditions.length === 0 && !isUngated(result) ? runState.outputs : null;
        if (conditions.length > 0)
            words.add('conditions');
        if (isPresent(outputs))
            words.add('outputs');
        const body = (0,text_format/* joinPresent */.uE)('\n\n', ...groups.map(([word, rows]) => renderGroup(word, rows, result, view)), results.length > 1 && (0,text_format/* joinPresent */.uE)('<br>', formatComparison(result), formatValues(result)), renderConditions(conditions, view), isPresent(outputs) && renderOutputs(outputs, result, view));
        return (0,text_format/* joinPresent */.uE)('\n\n', body && entry.name && `**${formatName(result)}**`, body);
    });
    if (report.notices.length > 0)
        words.add('notices');
    const title = (0,text_format/* capitalise */.sK)((0,text_format/* joinPresent */.uE)(' · ', ...[...counts].map(formatGroupTitle), ...words));
    const notices = formatBullets(report.notices.map(text_escape/* escapeSentenceForMarkdown */.JP));
    return formatSection(title, (0,text_format/* joinPresent */.uE)('\n\n', ...parts, notices), view);
}
function renderConditions(conditions, view) {
    const shown = conditions.slice(0, 2 * view.rows);
    const table = formatTable([
        ['', shown.map(iconOf)],
        ['Condition', shown.map(({ condition }) => (0,text_escape/* escapeForProse */.Ci)(condition.name ?? ''))],
        ['Result', shown.map(describeResult)],
        ['Expression', shown.map(({ condition }) => (0,text_escape/* formatCode */.P_)(condition.expression, 2 * view.maxText))],
    ]);
    return (0,text_format/* joinPresent */.uE)('\n\n', table, formatMore(conditions.length - shown.length, view, 'conditions'));
}
function listGroups({ conditions, comparison, }) {
    const lists = conditions.flatMap(({ passed }) => (passed ? [passed] : []));
    const [passed = []] = lists.length === 1 ? lists : [];
    const all = [
        ['passed', passed.map((value) => ({ value }))],
        ['known', conditions.flatMap((one) => one.findings.slice(countOpen(one)))],
        ['waived', conditions.flatMap((one) => one.waived)],
        ['no longer reported', conditions.flatMap((one) => one.noLongerReported.map((value) => ({ value })))],
        ['found by the earlier run alone', (comparison?.missing ?? []).map((value) => ({ value }))],
    ];
    return all.filter(([, { length }]) => length > 0);
}
function formatGroupTitle([word, count]) {
    return word === 'passed' ? `${(0,text_format/* formatCount */.B4)(count, 'item')} passed` : (0,text_format/* formatCounts */.gM)({ [word]: count });
}
function formatSaved({ since, by, missed }) {
    const reviews = missed === 1 ? 'review' : `${missed} reviews`;
    return (0,text_format/* joinPresent */.uE)(', ', `${since} by ${(0,text_escape/* escapeForProse */.Ci)(by)}`, missed > 0 && `not in the last saved ${reviews}`);
}
function renderGroup(word, rows, result, view) {
    const { conditions, entry } = result;
    const fields = conditions.map(({ condition }) => fieldsFor(entry.columns, condition));
    const most = Math.ceil(view.rows / view.results.length);
    const named = rows.filter(({ value }) => !(0,src_json/* isJsonObject */.OW)(value) || Object.keys(value).length > 0);
    const items = named.map(({ value }) => value);
    const shown = named.slice(0, most);
    const table = formatTable([
        ...formatItems(items, fields.find(({ length }) => length > 0) ?? [], most, result, view),
        ['Saved', shown.map(({ saved }) => (saved ? formatSaved(saved) : ''))],
        ['Because', shown.map(({ waiver }) => (0,text_escape/* escapeForProse */.Ci)(waiver?.because ?? '', 100))],
        ['Until', shown.map(({ waiver }) => waiver?.until ?? '')],
    ]);
    const more = formatMore(named.length - most, view, '', '`outputs_file`');
    return (0,text_format/* joinPresent */.uE)('\n\n', `**${formatGroupTitle([word, rows.length])}**`, table, more);
}
const STARTS = /^outputs\.[A-Za-z_]\w*\.filter\(i, i\.[A-Za-z_]\w* != '___'\)$/;
function renderOutputs(outputs, result, view) {
    const all = (0,src_json/* isJsonObject */.OW)(outputs) ? Object.entries(outputs) : [['outputs', outputs]];
    const starts = [];
    const parts = all.slice(0, view.rows).flatMap(([name, value]) => {
        const title = (0,text_escape/* formatCode */.P_)(name, 60);
        if (typeof value === 'string')
            return [title, quoteLines(value, view)];
        if (!(0,src_json/* isList */.Lv)(value))
            return `${title}: ${(0,text_escape/* formatCode */.P_)(JSON.stringify(value), view.maxText)}`;
        const fields = countFieldValues(value.filter(src_json/* isJsonObject */.OW)).flatMap(([key, values]) => {
            const start = `outputs.${name}.filter(i, i.${key} != '___')`;
            if (values.length > 1 && STARTS.test(start))
                starts.push(start);
            return values.length > 0 ? [formatTally(key, values, text_escape/* escapeSentenceForMarkdown */.JP)] : [];
        });
        const size = (0,text_format/* formatCount */.B4)(value.length, 'item') + (0,text_format/* inBrackets */.Te)(fields.join('; '));
        const table = formatTable(formatItems(value, [], view.rows, result, view));
        return [`${title}: ${size}`, table, formatMore(value.length - view.rows, view, '', '`outputs_file`')];
    });
    const start = starts[0] &&
        `To fail the check on findings, copy this condition and replace \`___\` with the right value:\n\n${(0,text_escape/* formatCodeBlock */.mU)(`fail_if: ${starts[0]}`, Infinity, 'yaml')}`;
    return (0,text_format/* joinPresent */.uE)('\n\n', ...parts, start);
}
function isUngated({ verdict, conditions, runState }) {
    return verdict.exitCode === 0 && conditions.length === 0 && isPresent(runState.outputs);
}
function isPresent(outputs) {
    return outputs !== undefined && outputs !== null;
}

;// CONCATENATED MODULE: ./src/report/markdown.ts










const COMMENT = { sink: 'comment', rows: 10, columns: 4, max: 53_000 };
const SUMMARY = { sink: 'summary', rows: 5_000, columns: 8, max: 900_000 };
const REPORT_FILE = { sink: 'file', rows: 50, columns: 8, max: 60_000 };
function renderMarkdown(report, look, previous = null) {
    const results = report.results.toSorted((one, other) => other.verdict.exitCode - one.verdict.exitCode);
    let view = { ...look, report, results, previous, maxText: 200 };
    while (view.maxText >= 25) {
        const parts = [renderVerdict(view), ...renderResults(view), renderRest(view), renderFooter(view)];
        const markdown = `${(0,text_format/* joinPresent */.uE)('\n\n', ...parts)}\n`;
        const size = Buffer.byteLength(markdown);
        if (size <= look.max)
            return markdown;
        const rows = Math.floor(Math.min(view.rows - 1, (0.95 * view.rows * look.max) / size));
        view = view.rows > 1 ? { ...view, rows: Math.max(1, rows) } : { ...view, maxText: view.maxText / 2 };
    }
    const items = countFindings(results.flatMap((one) => one.conditions)).found;
    return `${(0,text_format/* joinPresent */.uE)('\n\n', renderVerdict(view), formatMore(items, view), renderFooter(view))}\n`;
}
function renderVerdict(view) {
    const { report, results, previous, sink } = view;
    const { step, words, baselineRemark } = report;
    const { inputs, context } = step;
    const [only] = results.length === 1 ? results : [];
    const leg = (0,text_format/* inBrackets */.Te)(formatTexts(inputs?.matrix));
    const title = (inputs?.title ?? '') || (context ? context.workflowName + leg : 'Alloovium');
    const steps = hasOwnSteps(report) ? [] : words.steps.map((text) => renderStep(text, view));
    const [first = ''] = steps;
    const inline = ` ${only ? (0,text_format/* lowerFirst */.oZ)(first) : first}`;
    const changes = describeChanges(results, previous);
    return (0,text_format/* joinPresent */.uE)('\n\n', `${sink === 'comment' ? '##' : '#'}# ${words.icon} ${(0,text_escape/* escapeForProse */.Ci)(title, 100)}: ${formatHeadline(report)}`, step.outcome
        ? quoteLines(words.reason, view, text_escape/* escapeSentenceForMarkdown */.JP)
        : quoteLines(only?.words.reason ?? '', view), (0,text_format/* joinPresent */.uE)('<br>', (0,text_format/* capitalise */.sK)(changes), only ? formatComparison(only) : '', ...[words.whyNew, baselineRemark].filter(Boolean).map((text) => `*${(0,text_escape/* escapeSentenceForMarkdown */.JP)(text)}*`), first && `**Next:**${steps.length > 1 ? '' : inline}`), steps.length > 1 && formatBullets(steps));
}
function renderStep(text, { report: { step } }) {
    const { serverUrl, repository, workflowRunId, workflowRunUrl = '' } = step.context ?? {};
    const id = step.inputs?.checkRunId;
    const page = id ? `${serverUrl}/${repository}/actions/runs/${workflowRunId}/job/${id}` : workflowRunUrl;
    return (0,text_escape/* escapeSentenceForMarkdown */.JP)(text).replace(RegExp(RERUN, 'i'), (found) => (0,text_escape/* link */.nf)(found, page));
}
function hasOwnSteps({ results, words, step, verdict }) {
    const counted = results.filter((one) => one.verdict.exitCode === verdict.exitCode);
    const isShared = counted.every((one) => words.steps.includes(one.words.steps[0] ?? ''));
    return step.outcome === null && results.length > 1 && words.steps.length > 1 && !isShared;
}
function formatHeadline({ words }) {
    return (0,text_escape/* escapeSentenceForMarkdown */.JP)((0,text_format/* lowerFirst */.oZ)(words.headline));
}
function renderResults(view) {
    const { results, rows, sink } = view;
    const isOne = results.length === 1;
    const all = results.flatMap((result) => result.conditions.map((finding) => ({ result, finding })));
    const notable = all.filter(({ finding }) => isNotable(finding));
    const shown = notable.slice(0, rows);
    const shares = divideRows(rows, shown.map(({ finding }) => countOpen(finding)));
    const sections = results.map((result) => {
        const findings = shown.flatMap((one, at) => one.result === result ? [renderFinding(result, one.finding, shares[at] ?? 0, view)] : []);
        const outputs = { ...view, rows: Math.ceil(rows / results.length) };
        const isFirst = !isOne && results.find(({ words }) => words.reason === result.words.reason) === result;
        const body = (0,text_format/* joinPresent */.uE)('\n\n', ...findings, isFirst && quoteLines(result.words.reason, view), isUngated(result) && renderOutputs(result.runState.outputs ?? null, result, outputs));
        const level = sink === 'comment' ? '####' : '###';
        return isOne || !body ? body : `${level} ${formatName(result)}: ${formatHeadline(result)}\n\n${body}`;
    });
    const [only] = isOne ? results : [];
    return [
        isOne ? '' : renderRuns(view),
        ...sections,
        formatMore(notable.length - shown.length, view, 'conditions'),
        renderDisagreement(view),
        only ? formatValues(only) : '',
    ];
}
function renderRuns(view) {
    const { results, report, sink } = view;
    const { exitCode } = report.verdict;
    const steps = results.map(({ verdict, words }) => hasOwnSteps(report) && verdict.exitCode === exitCode
        ? renderStep((0,text_format/* joinPresent */.uE)(' ', words.whyNew, ...words.steps), view)
        : '');
    const ids = results.map(({ runState }) => sink === 'comment' || !runState.runId ? '' : (0,text_escape/* formatCode */.P_)(runState.runId));
    return formatTable([
        ['', results.map((one) => one.words.icon)],
        ['Run', results.map((one) => (0,text_escape/* link */.nf)(formatName(one), one.runUrl))],
        ['Result', results.map(formatHeadline)],
        ['Next step', steps],
        ['ID', ids],
    ]);
}
function isNotable({ isFailing, isWarning }) {
    return isFailing || isWarning;
}
function renderFinding(result, finding, most, view) {
    const { condition, isCompared, findings } = finding;
    const isNew = ({ isKnown, digest }) => isCompared ? !isKnown : digest !== '' && view.previous?.digests.has(digest) === false;
    const hasOld = !findings.every(isNew);
    const open = findings
        .slice(0, countOpen(finding))
        .sort((one, other) => Number(isNew(other)) - Number(isNew(one)));
    const fields = fieldsFor(result.entry.columns, condition);
    const items = open.map(({ value }) => value);
    const marks = open.slice(0, most).map((one) => (hasOld && isNew(one) ? '**new**' : ''));
    const remarks = open.slice(0, most).map(({ remark }) => (remark ? describeRemark(remark) : ''));
    const isOnly = result.conditions.filter(isNotable).length === 1;
    const sentence = `${iconOf(finding)} ${(0,text_escape/* escapeSentenceForMarkdown */.JP)(describeFinding(finding))}`;
    return (0,text_format/* joinPresent */.uE)('\n\n', (0,text_format/* joinPresent */.uE)(': ', !isOnly && sentence, (0,text_escape/* escapeSentenceForMarkdown */.JP)(describeCause(finding))), formatTable([
        ['', marks],
        ...formatItems(items, fields, most, result, view, condition.name ?? ''),
        ['Note', remarks],
    ]), formatMore(open.length - most, view));
}
const DOCS = 'https://github.com/alloovium/run-workflow/blob/main/docs';
function renderDisagreement(view) {
    const { report, results, sink } = view;
    const { inputs, context, saved } = report.step;
    const items = results.flatMap(({ entry, conditions }) => conditions.flatMap((finding) => {
        const { isFailing, knownBy, condition, findings } = finding;
        const open = findings.slice(0, isFailing ? countOpen(finding) : 0);
        return open.map(({ value: item }) => ({ entry: entry.name, item, knownBy, condition: condition.name }));
    }));
    if (items.length === 0 || saved?.code === 'saved')
        return '';
    const yaml = report.isQuiet ? '' : formatWaiversToCopy(items);
    const all = inputs?.baseline &&
        `To accept all of them, run this GitHub workflow on ${(0,text_escape/* formatCode */.P_)(inputs.baseline)} with \`save_baseline\` checked.`;
    if (sink === 'summary' && yaml) {
        const says = 'Copy into `waivers`, and give each a reason in `because`. In the GitHub workflow file, waivers take effect with the next push or *Update branch*; in the `config` file, with a re-run.';
        const cut = items.length > MAX_OFFERED && `Of ${(0,text_format/* formatNumber */.ZV)(items.length)} findings, these are the first.`;
        const block = (0,text_escape/* formatCodeBlock */.mU)(yaml, Infinity, 'yaml');
        return `### Wrong, or acceptable? Waive it\n\n${block}\n\n${(0,text_format/* joinPresent */.uE)(' ', cut, says, all)}`;
    }
    const page = yaml ? (context?.workflowRunUrl ?? '') : `${DOCS}/baselines.md#waivers`;
    return (0,text_format/* joinPresent */.uE)(' ', `Wrong, or acceptable? ${(0,text_escape/* link */.nf)('Waive it', page)}.`, all);
}
function renderFooter({ report: { step }, results, sink }) {
    const { commit = '', workflowRunUrl = '' } = step.context ?? {};
    const times = results.map(({ gateResult, runState }) => gateResult ? (0,text_format/* formatTime */.fU)(runState.completedAt) : '');
    const last = times.sort().at(-1);
    const [only] = results.length === 1 ? results : [];
    const text = (0,text_format/* joinPresent */.uE)(' · ', results.some(({ runState }) => isPresent(runState.outputs)) &&
        'AI-generated from your documents. Check before you act.', commit && (0,text_escape/* formatCode */.P_)(commit.slice(0, 7)), last && `reviewed ${last}`, only?.runState.runId && (0,text_escape/* link */.nf)((0,text_escape/* formatCode */.P_)(only.runState.runId), only.runUrl), (0,text_escape/* link */.nf)(sink === 'comment' ? 'job summary' : 'job run', workflowRunUrl));
    return text && `<sub>${text}</sub>`;
}

;// CONCATENATED MODULE: ./src/gate/compare.ts

function compareReviews(conditions, other) {
    const left = other.map(({ findings }) => Map.groupBy(findings, identify));
    const findings = conditions.flatMap((one, at) => one.findings.map((finding) => ({ finding, at })));
    const both = findings.filter(({ finding, at }) => left[at]?.get(identify(finding))?.shift());
    const missing = left.flatMap((groups) => [...groups.values()].flat());
    return { found: findings.length, both: both.length, missing: missing.map(({ value }) => value) };
}
function identify({ digest, value }) {
    return digest || (0,src_json/* canonicalJson */.dj)(value);
}

;// CONCATENATED MODULE: ./src/run/verdict.ts

const FAILS = { exitCode: 1, statusState: 'failure' };
const ERROR = { exitCode: 1, statusState: 'error' };
const PASSES = { exitCode: 0, statusState: 'success' };
const NO_RESULT = { exitCode: 0, statusState: null };
const CONCLUSIONS = {
    interrupted: ERROR,
    error: ERROR,
    timed_out: ERROR,
    failure: FAILS,
    cancelled: FAILS,
    gate_failed: FAILS,
    pending: NO_RESULT,
    success: PASSES,
    skipped: NO_RESULT,
};
const GATE_WORDS = ['failed', 'not_evaluated', 'passed', 'none'];
const CONCLUSION_OF = {
    failed: 'failure',
    cancelled: 'cancelled',
    launched: 'pending',
    timed_out: 'timed_out',
    interrupted: 'interrupted',
    skipped: 'skipped',
};
function judgeOutcome(outcome, result) {
    const conclusion = outcome.kind === 'completed' ? judgeGate(result) : (CONCLUSION_OF[outcome.kind] ?? 'error');
    const hasGate = result?.entry.gate.conditions.some(({ severity }) => severity === 'fail') ?? true;
    const gate = conclusion === 'success' ? 'passed' : conclusion === 'gate_failed' ? 'failed' : 'not_evaluated';
    return { conclusion, gate: hasGate ? gate : 'none', ...CONCLUSIONS[conclusion] };
}
function judgeGate({ gateResult, entry } = {}) {
    if (gateResult?.conditions.length !== entry?.gate.conditions.length || !gateResult)
        return 'error';
    return isFailing(gateResult) ? 'gate_failed' : 'success';
}
function judgeStep(verdicts, outcome) {
    const order = Object.keys(CONCLUSIONS);
    const [worst] = verdicts.toSorted((a, b) => order.indexOf(a.conclusion) - order.indexOf(b.conclusion));
    if (outcome !== null || worst === undefined) {
        return { ...judgeOutcome(outcome ?? { kind: 'crashed', message: '' }), gate: 'not_evaluated' };
    }
    return { ...worst, gate: GATE_WORDS.find((word) => verdicts.some(({ gate }) => gate === word)) ?? 'none' };
}

;// CONCATENATED MODULE: ./src/report/baseline-words.ts




const WHY_NEW = {
    missing: 'nothing is saved yet',
    damaged: 'the baseline is damaged',
    timed_out: 'GitHub did not give the baseline in time',
    enterprise_server: 'GitHub Enterprise Server cannot keep a baseline',
    no_entry: 'the baseline lacks this entry of `runs`',
    other_workflow: 'the baseline belongs to another Alloovium workflow',
    other_project: 'the baseline belongs to another project',
    no_condition: 'the baseline lacks this condition, which is new or was renamed',
    other_known_by: 'the baseline was saved with other fields in `known_by`',
};
const DISTRUSTS = {
    fork: 'a fork wrote it',
    other_branch: 'another branch wrote it',
    this_job_run: 'this GitHub workflow run wrote it',
    other_event: 'another event than `push`, `schedule` or `workflow_dispatch` wrote it',
    other_file: 'another workflow file wrote it',
    commit_not_on_branch: 'its commit is not on the branch',
};
function describeNewCause(cause, step) {
    const { inputs, context } = step;
    const branch = `\`${inputs?.baseline}\``;
    const which = 'condition' in cause ? `Every finding of ${nameOf(cause.condition)}` : 'Every finding';
    const say = (why, fix) => ({ why: `${which} is new: ${why}.`, fix: `${(0,text_format/* capitalise */.sK)(fix)}.` });
    const change = (why, input, fix = `correct \`${input}\``) => {
        const fixedIn = inputs?.fromConfig.includes(input) ? 'config_file' : 'workflow_file';
        return { ...say(why, ''), fix: formatAction({ fixedIn, fix, startsRun: false }, step, null, true) };
    };
    const isOnBranch = context?.ref === `refs/heads/${inputs?.baseline}`;
    const save = isOnBranch ? 'with `save_baseline` checked' : `on ${branch} with \`save_baseline\` checked`;
    const now = `run this GitHub workflow ${save}`;
    switch (cause.code) {
        case 'no_branch':
            return change(`there is no branch ${branch}`, 'baseline');
        case 'enterprise_server':
            return change(WHY_NEW[cause.code], 'baseline', 'remove `baseline`, and waive findings instead');
        case 'not_fetched': {
            const { what, remedy } = describeGithubFailure(cause.failure, 'actions: read` and `contents: read');
            const why = (0,text_format/* joinPresent */.uE)('. ', `the baseline is missing, since ${(0,text_format/* lowerFirst */.oZ)(what)}`, quoteGithub(cause.failure.message));
            return change(why, '', remedy);
        }
        case 'no_identity': {
            const names = inputs?.jobSummary === false ? [] : cause.names.map((name) => JSON.stringify(name));
            const why = `no finding has a value in ${(0,text_format/* formatList */.ki)(cause.fields.map((field) => `\`${field}\``))}`;
            return change((0,text_format/* joinPresent */.uE)('. The findings have ', why, (0,text_format/* formatList */.ki)(names, 8)), 'known_by');
        }
        case 'expired':
            return say(`the baseline of ${cause.savedAt.slice(0, 10)} has expired`, now);
        case 'untrusted':
            return say(`the newest baseline does not count, since ${DISTRUSTS[cause.why]}`, now);
        case 'damaged':
        case 'timed_out':
            return say(WHY_NEW[cause.code], now);
        default:
            return say(WHY_NEW[cause.code], isOnBranch ? now : `merge this GitHub workflow, then run it ${save}`);
    }
}
const NOT_SAVED = {
    with_pull_request: '`pull_request` is set',
    with_run_id: '`run_id` is set',
    not_completed: 'not every run was completed',
    not_evaluated: 'a condition could not be evaluated',
    only_true: 'a condition is met without findings',
    no_identity: 'no finding has all fields of `known_by`',
    baseline_unavailable: 'GitHub did not give the last one, whose memory would be lost. Re-run this job',
    baseline_damaged: 'the last one is damaged. To replace it, run this GitHub workflow with `save_baseline` checked',
    failing: 'the check fails',
};
const NOT_UPLOADED = {
    too_large: 'is over 8 MiB, so it was not saved',
    timed_out: 'may not be saved: GitHub did not answer within 20 s',
    failed: 'was not saved',
};
function describeSaving(decision, { saved, context }) {
    if (decision !== 'save') {
        const why = NOT_SAVED[decision];
        return why ? `Not saved as the baseline: ${why}.` : '';
    }
    if (saved === null)
        return '';
    if (saved.code === 'saved') {
        const isManual = context?.event === 'workflow_dispatch';
        return isManual ? 'Baseline saved: pull requests fail only on findings that it lacks.' : '';
    }
    const reason = saved.code === 'failed' && quoteGithub(saved.message);
    return (0,text_format/* joinPresent */.uE)('. ', `The baseline ${NOT_UPLOADED[saved.code]}`, reason, 'The one before it stays.');
}
function describeAcceptance(findings) {
    return `${(0,text_format/* formatCount */.B4)(findings, 'finding')} accepted as the baseline. This check fails this once, as expected.`;
}
function describeEndings({ endingWaivers, baselineEnds }, inputs) {
    const count = endingWaivers.length;
    const [first = ''] = endingWaivers.toSorted();
    const waivers = `${(0,text_format/* formatCount */.B4)(count, 'waiver')} ${count === 1 ? 'ends' : 'end'} soon, ${count === 1 ? '' : 'the first '}on ${first}. Fix the findings in Alloovium, or extend \`until\`.`;
    const baseline = `The baseline expires on ${baselineEnds}. Run this GitHub workflow on \`${inputs?.baseline}\` to save it anew.`;
    return [...(count > 0 ? [waivers] : []), ...(baselineEnds ? [baseline] : [])];
}

;// CONCATENATED MODULE: ./src/report/outcomes.ts








const FAILED = { icon: '❌', word: 'Failed' };
const outcomes_NO_RESULT = { icon: '❌', word: 'No result' };
const NOT_REVIEWED = { icon: '⚪', word: 'Passed without a result' };
const LOOKS = {
    interrupted: { ...outcomes_NO_RESULT, icon: '⏹️' },
    error: outcomes_NO_RESULT,
    timed_out: outcomes_NO_RESULT,
    failure: FAILED,
    cancelled: FAILED,
    gate_failed: FAILED,
    pending: NOT_REVIEWED,
    success: { icon: '✅', word: 'Passed' },
    skipped: NOT_REVIEWED,
};
const OUTCOMES = {
    passed: {
        headline: ({ conditions, runState }) => describePass(conditions, runState?.outputs),
        fixedIn: null,
        also: ({ conditions, deciding }) => deciding.length > 0
            ? 'This does not block the merge.'
            : isGated(conditions)
                ? ''
                : 'Add `fail_if` to fail the check on findings.',
    },
    gate_failed: {
        headline: ({ deciding }) => describeFindings(deciding),
        fixedIn: findGateRemedy,
        fix: (facts) => ({
            met: 'find out why in Alloovium',
            found: 'fix the documents in Alloovium',
            error: 'correct the condition',
        })[worstOf(facts.deciding)],
        startsRun: true,
        also: adviseOnGate,
    },
    baseline_unavailable: {
        headline: ({ deciding }) => describeFindings(deciding),
        also: 'GitHub did not give the baseline, so every finding counts as new.',
    },
    failed: {
        headline: 'Alloovium could not finish the review',
        fixedIn: 'alloovium',
        fix: ({ runState }) => (0,text_format/* isBlank */.z3)(runState?.errorMessage ?? '') ? 'look at the run in Alloovium' : 'fix the cause',
        startsRun: true,
    },
    cancelled: { headline: 'The run was cancelled or timed out in Alloovium', startsRun: true },
    launched: {
        headline: 'Run started, no result yet',
        fixedIn: null,
        also: ({ step: { inputs }, runState }) => `Require the job that waits, not this one${inputs?.onRerun === 'fresh' ? `, and give it \`run_id: ${runState?.runId}\`` : ''}.`,
    },
    timed_out: { headline: describeTimeout, also: 'If this happens often, raise `timeout_minutes`.' },
    interrupted: {
        headline: 'Stopped before the run finished',
        also: 'If `timeout-minutes` of the step or job stopped it, raise it.',
    },
    request_failed: { headline: ({ request }) => request.what },
    lost_sight: {
        headline: ({ request }, { failure: { status }, forMs }) => `Lost contact with Alloovium for ${(0,text_format/* formatDuration */.a3)(forMs)}${status === null ? `: ${(0,text_format/* lowerFirst */.oZ)(request.what)}` : ` (${status})`}`,
        fixedIn: 'nowhere',
        fix: '',
    },
    run_gone: {
        headline: 'Run not found in Alloovium (404)',
        fixedIn: 'nowhere',
        fix: '',
        startsRun: true,
        also: 'It was deleted, or belongs to another account.',
    },
    gate_timeout: {
        headline: 'Conditions took longer than 4 s',
        fixedIn: ({ step }) => placeOfGate(step),
        fix: 'simplify them',
    },
    outputs_too_large: {
        headline: 'The outputs are over the limit of 8 MiB or 300,000 values',
        fixedIn: 'alloovium',
        fix: 'make the Alloovium workflow return less',
        startsRun: true,
    },
    crashed: {
        headline: 'The action had an internal error',
        also: 'If it happens again, open an issue with this log.',
    },
    invalid_inputs: {
        headline: (_, { faults, gateFaults }) => {
            const names = [...faults, ...gateFaults].map(({ input }) => `\`${input}\``);
            return `Error in ${(0,text_format/* formatList */.ki)([...new Set(names)], 4)}`;
        },
        fixedIn: (_, outcome) => placeOf(outcome),
        fix: ({ step }, outcome) => {
            const place = placeOf(outcome);
            if (place === 'settings')
                return 'correct the secret';
            const isOwn = place === 'config_file' && !step.inputs?.config.includes('@');
            return isOwn ? 'ask an administrator to put a correct file' : 'correct it';
        },
        reason: (_, { faults, gateFaults }) => [...faults.map((fault) => (0,text_format/* endSentence */.H_)(fault.text)), ...gateFaults.map(formatGateFault)].join('\n'),
    },
    missing_key: {
        headline: (_, { isWithheld }) => (isWithheld ? 'No API key for this pull request' : 'No API key'),
        fixedIn: 'settings',
        fix: (_, { isWithheld }) => isWithheld
            ? "add the API key to Dependabot's own secrets"
            : 'store the API key as a secret, and check its name in `api_key: ${{ secrets.ALLOOVIUM_API_KEY }}`',
    },
    missing_key_of_fork: {
        headline: 'No API key for this pull request',
        fixedIn: null,
        also: 'GitHub gives forks no secrets. Ask a maintainer to review the pull request.',
    },
    skipped: { headline: 'Not reviewed: GitHub gives forks and Dependabot no secrets', fixedIn: null },
    no_commit: { headline: 'Cannot read the GitHub event' },
    not_a_runner: {
        headline: (_, { variable }) => `\`${variable}\` is not set, although every runner sets it`,
        fixedIn: null,
        also: 'Run the action as a step of a GitHub workflow.',
    },
    pull_request: {
        fix: ({ step, request }, { failure }) => failure.code === 'not_found' && step.inputs?.pullRequest != null
            ? 'check the number in `pull_request`'
            : request.remedy,
        headline: ({ request }, { number }) => `Cannot read pull request #${number}: ${(0,text_format/* lowerFirst */.oZ)(request.what)}`,
    },
    commit_status: {
        headline: ({ request }) => `Cannot set the commit status: ${(0,text_format/* lowerFirst */.oZ)(request.what)}`,
        fix: ({ step, request }) => step.context?.isFork
            ? 'remove `commit_status`, for which forks get no permission, and require the job'
            : request.remedy,
    },
    config: {
        headline: ({ step, request }) => `Cannot read \`${step.inputs?.config}\`: ${(0,text_format/* lowerFirst */.oZ)(request.what)}`,
        fixedIn: ({ request }, { failure }) => (failure.code === 'not_found' ? 'config_file' : request.fixedIn),
        fix: ({ request }, { failure }) => failure.code === 'not_found' ? 'check that the file exists' : request.remedy,
    },
    no_outputs: {
        headline: 'Cannot write the step outputs',
        fixedIn: 'settings',
        fix: 'check the disk of the runner, and the paths `GITHUB_OUTPUT` and `RUNNER_TEMP`',
    },
};
function worstOf(deciding) {
    if (deciding.some(({ problem }) => problem !== null))
        return 'error';
    return deciding.some(({ findings }) => findings.length > 0) ? 'found' : 'met';
}
function findGateRemedy({ deciding, step, newCause }) {
    if (worstOf(deciding) === 'error')
        return placeOfGate(step);
    return newCause ? null : 'alloovium';
}
function placeOfGate({ inputs }) {
    return inputs?.fromConfig.includes('fail_if') ? 'config_file' : 'workflow_file';
}
function rowOf(outcome, { conclusion }, gateResult, isFork = false) {
    const failed = gateResult && isTransient(gateResult.baseline) ? 'baseline_unavailable' : 'gate_failed';
    const ofGate = conclusion === 'gate_failed' ? failed : conclusion === 'success' ? 'passed' : 'crashed';
    const isGone = outcome.kind === 'lost_sight' && outcome.failure.code === 'not_found';
    const kind = outcome.kind === 'completed' ? ofGate : isGone ? 'run_gone' : outcome.kind;
    if (kind === 'missing_key' && isFork)
        return OUTCOMES.missing_key_of_fork;
    return OUTCOMES[kind];
}
function describeOutcome(outcome, verdict, step, result, isOnly = true) {
    const row = rowOf(outcome, verdict, result?.gateResult, step.context?.isFork);
    const passes = verdict.conclusion === 'success';
    const runState = result?.runState ?? null;
    const conditions = result?.gateResult?.conditions ?? [];
    const deciding = conditions.filter(({ isFailing, isWarning }) => (passes ? isWarning : isFailing));
    const request = describeRequest(outcome, runState);
    const cause = result?.gateResult && findNewCause(result.gateResult);
    const newCause = cause ? describeNewCause(cause, step) : null;
    const facts = { step, runState, newCause, conditions, deciding, request };
    const read = (text = '') => (typeof text === 'string' ? text : text(facts, outcome));
    const { fixedIn: place = request.fixedIn } = row;
    const fixedIn = typeof place === 'function' ? place(facts, outcome) : place;
    const isOtherKey = outcome.kind === 'request_failed' && outcome.failure.kind === 'unauthorised';
    const startsRun = row.startsRun === true || isOtherKey;
    const remedy = fixedIn && {
        fixedIn,
        fix: read(row.fix ?? request.remedy),
        startsRun,
    };
    const warnings = (0,text_format/* formatCount */.B4)(deciding.length, 'warning');
    const isUnfinished = verdict.conclusion === 'timed_out' || verdict.conclusion === 'interrupted';
    return {
        ...LOOKS[verdict.conclusion],
        deciding,
        ...(verdict.exitCode === 1 && !runState?.runId && { word: 'Not reviewed' }),
        ...(passes && deciding.length > 0 && { icon: '⚠️', word: `Passed, with ${warnings}` }),
        ...(passes &&
            outcome.kind === 'completed' &&
            !isGated(conditions) &&
            deciding.length === 0 && { icon: 'ℹ️' }),
        headline: read(row.headline) +
            (0,text_format/* inBrackets */.Te)((0,text_format/* joinPresent */.uE)(', ', isUnfinished && describeProgress(runState), result && describeEarlier([result]), outcome.kind === 'completed' && describeAge(runState, step))),
        whyNew: newCause?.why ?? '',
        steps: [remedy ? formatNextStep(remedy, step, runState, isOnly) : '', read(row.also)].filter(Boolean),
        reason: read(row.reason ?? (request.reason || describeReason(outcome, runState))),
    };
}
function describeEarlier(results) {
    const runStates = [...new Set(results.map(({ runState }) => runState))];
    const count = (0,text_format/* sumOf */.XN)(runStates, ({ redRunsBefore }) => redRunsBefore ?? 0);
    return count > 0 ? `${(0,text_format/* formatCount */.B4)(count, 'earlier run')} failed the gate` : '';
}
function describeProgress(runState) {
    return runState?.openRun === 'run' && runState.progress ? `${runState.progress} % done` : '';
}
function describeAge(runState, { startDate }) {
    const ageMs = startDate - Date.parse(runState?.completedAt ?? '');
    const isOwn = runState?.origin === 'started';
    return ageMs >= 60_000 && !isOwn ? `reviewed ${(0,text_format/* formatDuration */.a3)(ageMs).split(' ', 2).join(' ')} ago` : '';
}
function isGated(conditions) {
    return conditions.some(({ condition }) => condition.severity === 'fail');
}
const PERMISSIONS = {
    pull_request: 'pull-requests: read',
    commit_status: 'statuses: write',
    config: 'contents: read',
};
function describeRequest(outcome, runState) {
    const failure = 'failure' in outcome ? outcome.failure : 'last' in outcome ? outcome.last : null;
    if (failure === null)
        return { what: '', remedy: '', fixedIn: 'nowhere', reason: '' };
    if (failure instanceof Error)
        return describeGithubFailure(failure, PERMISSIONS[outcome.kind] ?? '');
    return describeRequestFailure(failure, runState?.runPlan.projectId);
}
function describeReason(outcome, runState) {
    if ('message' in outcome)
        return formatReported('Node.js', outcome.message);
    return formatReported('Alloovium', runState?.errorMessage ?? '');
}
function describeTimeout({ step: { inputs }, request }, { phase, isQueued, last, leftMs }) {
    const what = phase === 'launch' ? 'Run not started' : 'Run not finished';
    if (phase === 'launch' && last?.retryAfterMs && leftMs > 0)
        return `${what}: Alloovium asks to wait ${(0,text_format/* formatDuration */.a3)(last.retryAfterMs)}, and ${(0,text_format/* formatDuration */.a3)(leftMs)} are left`;
    const why = isQueued ? 'another run of this step was still starting' : (0,text_format/* lowerFirst */.oZ)(request.what);
    return (0,text_format/* joinPresent */.uE)(': ', `${what} after ${(0,text_format/* formatDuration */.a3)(inputs?.timeoutMs ?? 0)}`, why);
}
function adviseOnGate({ runState, newCause, deciding }) {
    if (worstOf(deciding) === 'error')
        return `To test it without a new run, use \`run_id: ${runState?.runId}\`.`;
    return newCause?.fix ?? '';
}
function placeOf({ faults, gateFaults }) {
    const all = [...faults, ...gateFaults];
    if (all.every(({ input }) => input === 'api_key'))
        return 'settings';
    const places = ['workflow_file', 'own_config_file', 'config_file'];
    return places.find((place) => all.some((fault) => fault.place === place)) ?? 'workflow_file';
}

;// CONCATENATED MODULE: ./src/report/step-words.ts


const step_words_MAX_NAMED = 3;
function describeStep(verdict, step, results) {
    const [only] = results;
    if (step.outcome !== null || only === undefined)
        return describeOutcome(step.outcome ?? { kind: 'crashed', message: 'there is no result' }, verdict, step, only);
    if (results.length === 1)
        return only.words;
    const counted = results.filter((one) => one.verdict.exitCode === verdict.exitCode);
    const named = counted.filter(({ words }) => words.deciding.length > 0);
    const alike = counted.filter((one) => one.verdict.conclusion === verdict.conclusion);
    const { words } = alike.find((one) => named.includes(one)) ?? alike[0] ?? only;
    return {
        ...words,
        headline: (verdict.exitCode === 0
            ? describePassing(verdict, results, named)
            : describeFailing(counted, results)) + (0,text_format/* inBrackets */.Te)(describeEarlier(results)),
        whyNew: '',
        steps: groupSteps(counted),
    };
}
function describeFailing(counted, { length }) {
    const of = ` of ${(0,text_format/* formatCount */.B4)(length, 'run')}`;
    const failed = counted.filter((one) => one.verdict.statusState === 'failure');
    const others = counted.filter((one) => !failed.includes(one));
    const has = others.length === 1 ? 'has' : 'have';
    const causes = [...new Set(counted.map(({ words }) => words.headline))];
    const counts = (0,text_format/* joinPresent */.uE)(', ', failed.length > 0 && `${failed.length}${of} failed (${namesOf(failed)})`, others.length > 0 &&
        `${others.length}${failed.length > 0 ? '' : of} ${has} no result (${namesOf(others)})`);
    return (0,text_format/* joinPresent */.uE)(': ', counts, causes.length === 1 && (0,text_format/* lowerFirst */.oZ)(causes[0] ?? ''));
}
function describePassing({ conclusion, gate }, { length }, warned) {
    const passed = gate === 'none' ? 'reviewed, not gated' : 'passed';
    return (0,text_format/* joinPresent */.uE)(', ', `${(0,text_format/* formatCount */.B4)(length, 'run')} ${conclusion === 'pending' ? 'started, no result yet' : passed}`, warned.length > 0 && `${warned.length} with warnings (${namesOf(warned)})`);
}
function namesOf(results) {
    return (0,text_format/* formatList */.ki)(results.map(({ entry }) => entry.name), step_words_MAX_NAMED);
}
function groupSteps(results) {
    const stepsOf = ({ words }) => [words.whyNew, ...words.steps].filter(Boolean);
    return [...new Set(results.flatMap(stepsOf))].map((text) => {
        const having = results.filter((one) => stepsOf(one).includes(text));
        return having.length === results.length ? text : `${namesOf(having)}: ${(0,text_format/* lowerFirst */.oZ)(text)}`;
    });
}

;// CONCATENATED MODULE: ./src/report/report.ts













function createReport(step, entryResults) {
    const { inputs, outcome } = step;
    const results = entryResults.map((result) => {
        const verdict = judgeOutcome(result.runState.outcome, result);
        return {
            ...result,
            verdict,
            words: describeOutcome(result.runState.outcome, verdict, step, result, entryResults.length === 1),
            conditions: result.gateResult?.conditions ?? [],
            comparison: result.gateResult && result.earlier
                ? compareReviews(result.gateResult.conditions, result.earlier.gateResult.conditions)
                : null,
            runUrl: fillUrl(inputs?.runUrl ?? '', result.runState, null),
        };
    });
    const isQuiet = inputs?.jobSummary === false;
    const save = decide(step, entryResults);
    const verdict = judgeStep(results.map((one) => one.verdict), outcome);
    const words = describeStep(verdict, step, results);
    const isAccepted = verdict.exitCode === 1 && step.saved?.code === 'saved';
    const accepted = countFindings(results.flatMap(({ conditions }) => conditions.filter(isOfFailIf))).found;
    return {
        step,
        results,
        save,
        verdict,
        words: isAccepted ? { ...words, whyNew: '', steps: [describeAcceptance(accepted)] } : words,
        baselineRemark: save && !isAccepted ? describeSaving(save, step) : '',
        notices: listNotices(results, step, isQuiet),
        isQuiet,
    };
}
function isOfFailIf({ condition }) {
    return condition.severity === 'fail';
}
function decide({ context, inputs, outcome }, results) {
    if (!context || !inputs || outcome)
        return null;
    const { event, ref, serverUrl, isSaveRequested: isRequested } = context;
    const facts = {
        branch: inputs.baseline,
        event,
        ref,
        serverUrl,
        hasPullRequest: inputs.pullRequest !== null,
        hasRunId: inputs.runPlans.some(({ runId }) => runId !== ''),
        isRequested,
    };
    return decideToSave(facts, results.map(({ gateResult }) => gateResult));
}
function listNotices(results, { inputs, changesGate }, isQuiet) {
    const ofGate = changesGate
        ? ['This pull request changes the gate. The new gate applies after the merge.']
        : [];
    const ofRuns = results.flatMap(({ runState: { notices, runPlan } }) => notices.map((notice) => (0,text_format/* joinPresent */.uE)(': ', runPlan.entries[0]?.name, describeNotice(notice))));
    const ofInputs = [
        ...listUnusedWaivers(results),
        ...listUnknownFields(results, inputs?.itemUrl ?? '', isQuiet),
    ];
    const endings = results.flatMap(({ gateResult }) => gateResult ? describeEndings(gateResult, inputs) : []);
    return [...new Set([...ofGate, ...ofRuns, ...ofInputs.map(describeNotice), ...endings])];
}
function listUnknownFields(results, itemUrl, isQuiet) {
    const conditions = results.flatMap(({ gateResult }) => gateResult?.conditions ?? []);
    const uncompared = results.flatMap(({ gateResult }) => gateResult?.baseline.code === 'none' ? gateResult.conditions : []);
    const columns = results.flatMap(({ entry }) => [...entry.columns.values()].flat());
    const placeholders = Array.from(itemUrl.matchAll(PLACEHOLDER), ([, name = '']) => name);
    const ofItems = placeholders.filter((name) => !RUN_PLACEHOLDERS.includes(name));
    const lacks = (item, field) => valueAt(item, field) === undefined;
    const isEmpty = (item, field) => readFieldText(item, field) === null;
    const unknown = [
        ...uncompared.flatMap((one) => findUnknown('known_by', one.knownBy, [one], isEmpty)),
        ...findUnknown('columns', columns, conditions, lacks),
        ...findUnknown('item_url', ofItems, conditions, lacks),
    ];
    return unknown.map(({ nearest, ...one }) => ({
        code: 'unknown_field',
        ...one,
        nearest: isQuiet ? undefined : nearest,
    }));
}
function findUnknown(input, fields, conditions, lacks) {
    const rows = conditions.flatMap(({ findings, waived }) => [...findings, ...waived]);
    const [first, ...others] = rows.map(({ value }) => value).filter(src_json/* isJsonObject */.OW);
    if (first === undefined)
        return [];
    const unknown = fields.filter((field) => [first, ...others].every((item) => lacks(item, field)));
    return unknown.map((field) => {
        const names = Object.keys(first).filter((name) => name !== field);
        return { input, field, nearest: (0,text_format/* findNearest */.qg)(names, field) };
    });
}
function listUnusedWaivers(results) {
    const isWhole = results.every(({ gateResult }) => gateResult && isComplete(gateResult));
    const lists = isWhole ? Map.groupBy(results, ({ entry }) => entry.waivers) : [];
    return [...lists].flatMap(([waivers, sharing]) => {
        const positions = waivers.flatMap((_, at) => sharing.every(({ gateResult }) => gateResult?.unusedWaivers.includes(at)) ? [at + 1] : []);
        return positions.length > 0 ? [{ code: 'unused_waivers', positions }] : [];
    });
}
function listDigests(results) {
    return results
        .flatMap(({ conditions }) => conditions.flatMap((one) => one.findings.map(({ digest }) => digest)))
        .filter(Boolean);
}

;// CONCATENATED MODULE: ./src/publish.ts












async function publish(first, deps) {
    const { runner, clock } = deps;
    for (const line of formatResultLines(first))
        runner.line(line);
    for (const lines of formatStacks(first))
        logStack(runner, lines);
    const noOutputs = { kind: 'no_outputs', message: '' };
    const judged = writeOutputs(deps, first)
        ? first
        : createReport({ ...first.step, outcome: noOutputs }, first.results);
    await attemptCall(judged, deps, 'commit status', () => writeFinalStatus(judged, deps));
    const report = await writeBaseline(judged, deps);
    writeSummary(runner, report);
    await attemptCall(report, deps, 'comment', () => writeComment(report, deps));
    const annotation = createAnnotation(report);
    if (annotation !== null)
        runner[annotation.level](annotation.text);
    for (const line of formatEndLines(report, clock.now() - report.step.startedAt))
        runner.line(line);
    return report.verdict.exitCode;
}
function logStack(runner, lines) {
    runner.startGroup({ safe: 'Stack of the internal error' });
    for (const line of lines)
        runner.line(line);
    runner.endGroup();
}
function attempt(runner, what, work) {
    try {
        work();
        return true;
    }
    catch (error) {
        runner.warning(`The ${what} could not be written: ${error.message}`);
        return false;
    }
}
async function attemptCall({ isQuiet }, { runner, redact }, what, work) {
    try {
        await work();
    }
    catch (error) {
        logStack(runner, formatStack(redact(error.stack ?? ''), isQuiet));
        runner.warning(`The ${what} could not be written: an internal error. Open an issue with the stack in this log.`);
    }
}
function writeOutputs({ runner, clock }, report) {
    const files = { outputsFile: '', gateFile: '', reportFile: '' };
    const write = (file, what, name, text) => text !== null && attempt(runner, what, () => (files[file] = runner.writeFile(name, text)));
    write('outputsFile', 'outputs file', 'outputs.json', formatOutputsFile(report));
    write('gateFile', 'gate file', 'gate.json', formatGateFile(report, clock.date()));
    write('reportFile', 'report file', 'report.md', renderMarkdown(report, REPORT_FILE));
    const { outputs, missing: names } = listOutputs(report, files);
    if (names.length > 0)
        runner.line((0,text_escape/* escapeSentenceForLog */.Ww)(describeNotice({ code: 'outputs_missing', names: report.isQuiet ? [] : names })));
    return attempt(runner, 'step outputs', () => {
        for (const [name, value] of outputs)
            runner.output(name, value);
    });
}
function writeSummary(runner, report) {
    if (!report.isQuiet)
        attempt(runner, 'job summary', () => runner.summary(renderMarkdown(report, SUMMARY)));
}
async function writeFinalStatus({ step, verdict, words }, { runner, signal }) {
    const { context, inputs, github, outcome, pendingStatusId } = step;
    const { statusState: state } = verdict;
    if (!context || !github || !inputs || inputs.commitStatus === '' || state === null)
        return;
    const isRefused = outcome?.kind === 'commit_status' && !['no_answer', 'out_of_time'].includes(outcome.failure.code);
    if (isRefused || !isAtHead(context))
        return;
    const { commit: sha, workflowRunUrl: targetUrl } = context;
    const status = { sha, context: inputs.commitStatus, state, description: words.headline, targetUrl };
    const result = await setStatus({ ...github, signal }, status, pendingStatusId);
    if (result.code === 'failed')
        runner.warning(describeNotice({ code: 'status', failure: result.failure }));
    if (result.code === 'replaced')
        runner.line({ safe: 'No commit status: a step that started later has set it to pending.' });
}
async function writeComment(report, deps) {
    const { runner } = deps;
    const result = await postComment(report, deps);
    if (result?.code === 'failed')
        runner.warning(describeNotice({ code: 'comment', result }));
    if (result?.code === 'outdated' || result?.code === 'newer_report')
        runner.line((0,text_escape/* escapeSentenceForLog */.Ww)(describeNotice({ code: 'comment', result })));
    const url = result !== null && 'url' in result ? result.url : '';
    attempt(runner, 'output `comment_url`', () => runner.output('comment_url', url));
}
async function postComment(report, { clock, signal }) {
    const { step, verdict, results } = report;
    const { context, inputs, github } = step;
    const isMute = ['pending', 'skipped', 'interrupted'].includes(verdict.conclusion);
    if (!context?.pullRequest || !github || !inputs || inputs.comment === 'never' || isMute)
        return null;
    if (!isAtHead(context))
        return null;
    const { workflowFile, job, stepId, commit } = context;
    const isNotable = verdict.exitCode !== 0 ||
        results.some(({ gateResult }) => gateResult?.conditions.some(({ isWarning }) => isWarning));
    return upsertComment({ ...github, signal }, {
        identity: [workflowFile, `${job} ${stepId} ${JSON.stringify(inputs.matrix)}`, inputs.title],
        pullRequest: context.pullRequest.number,
        commit,
        startedAt: Math.round(clock.date() - (clock.now() - step.startedAt)),
        canCreate: results.some(({ runState }) => runState.runId !== '') && (inputs.comment === 'always' || isNotable),
        digests: results.some(({ entry }) => entry.knownBy.size > 0) ? listDigests(results) : null,
        render: (previous) => renderMarkdown(report, COMMENT, previous),
    });
}
async function writeBaseline(report, { runner, clock, signal }) {
    const { step, results, save } = report;
    const { context, inputs } = step;
    if (!context || !inputs || save !== 'save')
        return report;
    const now = { since: new Date(clock.date()).toISOString().slice(0, 10), by: context.actor };
    const saved = results.flatMap(({ entry, runState, gateResult }) => {
        const { workflowId, runPlan } = runState;
        const about = { entry: entry.name, workflowId, projectId: runPlan.projectId };
        return gateResult ? [toSavedEntry(about, gateResult, now)] : [];
    });
    const result = await saveBaseline(context, inputs, saved, { runner, clock, signal });
    const final = createReport({ ...step, saved: result }, results);
    const text = final.baselineRemark;
    if (result.code !== 'saved')
        runner.warning(text);
    else if (text !== '')
        runner.line((0,text_escape/* escapeSentenceForLog */.Ww)(text));
    return final;
}

// EXTERNAL MODULE: external "node:util"
var external_node_util_ = __nccwpck_require__(57975);
;// CONCATENATED MODULE: ./src/run/keys.ts


function createIntentKey({ keyScope, repository, workflowId, projectId, inputs }) {
    const digest = (0,external_node_crypto_.hash)('sha256', (0,src_json/* canonicalJson */.dj)([repository, workflowId, projectId, inputs]));
    return `gha_${keyScope}_${digest.slice(0, 32)}`;
}
function listKeys(intent, attempt) {
    const key = createIntentKey(intent);
    return Array.from({ length: attempt }, (_, nth) => (nth === 0 ? key : `${key}_${nth + 1}`));
}
function createLaunchBody({ projectId, inputs }) {
    return (0,src_json/* canonicalJson */.dj)({
        ...(Object.keys(inputs).length === 0 ? {} : { inputs }),
        ...(projectId === '' ? {} : { project_id: projectId }),
    });
}

;// CONCATENATED MODULE: ./src/run/run-state.ts
function createRunState(runPlan) {
    return {
        runPlan,
        key: '',
        runId: runPlan.runId,
        origin: null,
        redRunsBefore: null,
        earlier: null,
        workflowId: runPlan.workflowId,
        status: '',
        progress: null,
        stage: '',
        startedAt: '',
        completedAt: '',
        errorMessage: '',
        outputs: undefined,
        gateResults: [],
        notices: [],
        openRun: runPlan.runId === '' ? 'nothing' : 'run',
        outcome: { kind: 'crashed', message: '' },
    };
}
function updateRunState(runState, run) {
    runState.workflowId = run.workflowId || runState.workflowId;
    runState.status = run.status;
    runState.progress = run.progress;
    runState.stage = run.stage;
    runState.startedAt = run.startedAt;
    runState.completedAt = run.completedAt;
    runState.errorMessage = run.errorMessage;
}
function addNotice({ notices }, notice) {
    if (!notices.some(({ code }) => code === notice.code))
        notices.push(notice);
}

;// CONCATENATED MODULE: ./src/run/launch.ts






const ATTEMPT_MS = 30_000;
const LAUNCH_GRACE_MS = 2_000;
async function launch(runState, key, deps) {
    const { clock, signal, deadline, turns, listener, random } = deps;
    return turns.takeLaunch(async () => {
        const attempts = [];
        runState.key = key;
        for (;;) {
            signal.throwIfAborted();
            if (clock.now() >= deadline)
                throw (0,src_outcome/* outOfTime */.p3)('launch');
            try {
                const { isReplay, retryAfterMs } = await sendLaunch(runState, key, deps);
                if (attempts.some(({ failure }) => failure.kind === 'maybe' && ((0,errors/* isUnkept */.UU)(failure) || !isReplay)))
                    addNotice(runState, { code: 'maybe_another_run', key });
                runState.origin = isReplay ? 'picked_up' : 'started';
                return { notBefore: clock.now() + capRetryAfter(retryAfterMs) };
            }
            catch (error) {
                if (!(error instanceof errors/* RequestError */.GI))
                    throw error;
                signal.throwIfAborted();
                const { failure } = error;
                const last = { failure, at: clock.now() };
                attempts.push(last);
                const leftMs = deadline - clock.now();
                const decision = decideRetry('start', last, attempts, leftMs, random);
                listener.decided(runState, failure, decision);
                const { reason } = decision;
                if (reason === 'deadline')
                    throw (0,src_outcome/* outOfTime */.p3)('launch', { last: failure, leftMs });
                if (!decision.retry)
                    throw error;
                const { afterMs } = decision;
                await (reason === 'no_tokens' ? clock.sleep(afterMs, signal) : turns.pauseLaunch(afterMs));
            }
        }
    });
}
async function sendLaunch(runState, key, deps) {
    const { client, clock, deadline, signal, keyOfRun } = deps;
    const { runPlan } = runState;
    const openBefore = runState.openRun;
    if (openBefore === 'nothing')
        runState.openRun = 'perhaps';
    try {
        const timeoutMs = Math.min(ATTEMPT_MS, deadline + LAUNCH_GRACE_MS - clock.now());
        const body = createLaunchBody(runPlan);
        const answer = await (0,src_clock/* withGrace */.pj)(clock, signal, LAUNCH_GRACE_MS, (late) => client.startRun(runPlan.workflowId, key, body, timeoutMs, late));
        const { runId, status, hasSecret } = answer;
        if ((keyOfRun.get(runId) ?? key) !== key)
            throw (0,errors/* connectionError */.$t)('run_of_other_key', { detail: runId });
        keyOfRun.set(runId, key);
        runState.runId = runId;
        runState.status = status;
        runState.openRun = 'run';
        if (hasSecret)
            addNotice(runState, { code: 'secret_in_answer' });
        return answer;
    }
    catch (error) {
        const isOver = error instanceof errors/* RequestError */.GI && error !== signal.reason;
        if (isOver && !(0,errors/* mayHaveStarted */.NG)(error.failure))
            runState.openRun = openBefore;
        if (isOver && (0,errors/* isUnkept */.UU)(error.failure))
            runState.openRun = 'unkept';
        throw error;
    }
}

;// CONCATENATED MODULE: ./src/run/poll.ts





const CHECK_MS = 15_000;
const CHECK_GRACE_MS = 3_000;
const MIN_PAUSE_MS = 2_000;
const MAX_PAUSE_MS = 15_000;
const SHORT_FACTOR = 4;
async function checkRun(runState, deps) {
    const { client, clock, random, signal, deadline, turns, listener } = deps;
    const attempts = [];
    for (;;) {
        await turns.waitForCheck();
        try {
            const timeoutMs = Math.min(CHECK_MS, Math.max(0, deadline - clock.now()) + CHECK_GRACE_MS);
            const run = await client.getRun(runState.runId, timeoutMs, signal);
            checkWorkflow(run.workflowId, runState.runPlan.workflowId, run.runId);
            updateRunState(runState, run);
            if (run.hasSecret)
                addNotice(runState, { code: 'secret_in_answer' });
            if (isEnded(run) && deps.wait) {
                runState.openRun = 'nothing';
                runState.outputs = run.outputs;
            }
            if (!isEnded(run) && run.status !== 'pending' && run.status !== 'running')
                addNotice(runState, { code: 'unknown_status', status: run.status });
            return { run, at: clock.now(), notBefore: clock.now() + capRetryAfter(run.retryAfterMs) };
        }
        catch (error) {
            if (!(error instanceof errors/* RequestError */.GI))
                throw error;
            const { failure } = error;
            const now = clock.now();
            const last = { failure, at: now };
            attempts.push(last);
            const decision = decideRetry('check', last, attempts, deadline - now, random);
            listener.decided(runState, failure, decision);
            if (decision.retry)
                await clock.sleep(decision.afterMs, signal);
            else
                throw endOfChecks(error, decision.reason, now - (attempts[0]?.at ?? now), runState);
        }
    }
}
function endOfChecks(error, reason, forMs, runState) {
    const { failure } = error;
    switch (reason) {
        case 'too_large':
            runState.openRun = 'nothing';
            return new src_outcome/* Ended */.lj({ kind: 'outputs_too_large' });
        case 'rejected_30_s':
        case 'failed_5_min':
            return new src_outcome/* Ended */.lj({ kind: 'lost_sight', failure, forMs });
        case 'deadline':
            return (0,src_outcome/* outOfTime */.p3)('run', { last: failure });
        default:
            return error;
    }
}
async function followRun(runState, found, deps) {
    const { client, clock, deadline, listener } = deps;
    const since = clock.now();
    let seen = found;
    let forecast = NO_FORECAST;
    for (;;) {
        const { run, notBefore } = seen;
        if (run !== null)
            listener.checked(runState, Math.max(0, seen.at - since));
        if (run !== null && isEnded(run))
            return run;
        const now = clock.now();
        if (run !== null && now >= deadline)
            throw (0,src_outcome/* outOfTime */.p3)('run');
        forecast = foresee(forecast, seen);
        const isDue = run === null && runState.origin !== 'started';
        const pauseMs = pauseBeforeCheck(now - since, forecast.endsAt - now) * (client.isShort() ? SHORT_FACTOR : 1);
        await waitForNextCheck(Math.max(isDue ? now : now + pauseMs, notBefore), deps);
        seen = await checkRun(runState, deps);
    }
}
async function waitForNextCheck(at, { clock, deadline, signal }) {
    await clock.sleep(Math.max(0, Math.min(at, deadline) - clock.now()), signal);
}
const NO_FORECAST = { from: null, progress: 0, endsAt: Infinity };
function foresee(before, { run, at }) {
    const { from } = before;
    if (run?.progress == null)
        return NO_FORECAST;
    const { status, progress } = run;
    if (from === null || status === 'pending' || progress < before.progress)
        return { from: { at, progress }, progress, endsAt: Infinity };
    if (progress === before.progress)
        return before;
    const endsAt = at + ((100 - progress) * (at - from.at)) / (progress - from.progress);
    return { from, progress, endsAt };
}
function pauseBeforeCheck(ageMs, toEndMs) {
    return Math.min(MAX_PAUSE_MS, Math.max(MIN_PAUSE_MS, Math.min(ageMs / 4, Math.abs(toEndMs) / 3)));
}

;// CONCATENATED MODULE: ./src/run/turns.ts


const CHECKS_APART_MS = 1_000;
function createTurns(clock, deadline, signal) {
    let lastLaunch = Promise.resolve();
    let launches = 0;
    let isPausing = false;
    let nextCheckAt = -Infinity;
    return {
        async takeLaunch(work) {
            const before = lastLaunch;
            const own = Promise.withResolvers();
            lastLaunch = before.then(() => own.promise);
            launches++;
            try {
                const isFree = await (0,src_clock/* waitAtMost */._R)(clock, before.then(() => true), deadline - clock.now(), signal);
                if (isFree === null)
                    throw (0,src_outcome/* outOfTime */.p3)('launch', { isQueued: true });
                return await work();
            }
            finally {
                launches--;
                own.resolve(null);
            }
        },
        async pauseLaunch(ms) {
            isPausing = true;
            await clock.sleep(ms, signal).finally(() => (isPausing = false));
        },
        async waitForCheck() {
            const leftMs = () => deadline - clock.now();
            while (launches > 0 && !isPausing && leftMs() > 0)
                await clock.sleep(Math.min(CHECKS_APART_MS, leftMs()), signal);
            const waitMs = Math.min(nextCheckAt - clock.now(), leftMs());
            nextCheckAt = Math.max(nextCheckAt, clock.now()) + CHECKS_APART_MS;
            if (waitMs > 0)
                await clock.sleep(waitMs, signal);
        },
    };
}

;// CONCATENATED MODULE: ./src/run/run.ts
















async function runAll(step, deps, listener) {
    const { github, context, inputs, client, startedAt } = step;
    const { onRerun, wait, timeoutMs } = inputs;
    const deadline = startedAt + timeoutMs;
    const baseline = fetchBaseline(github, context, inputs);
    baseline.catch(() => undefined);
    const runDeps = { ...deps, client, context, onRerun, wait, deadline, baseline, listener };
    const runStates = await runEach(inputs.runPlans, runDeps);
    return runStates.flatMap((runState) => runState.runPlan.entries.map((entry, at) => {
        const { runId = '', gateResults = [] } = runState.earlier ?? {};
        return {
            entry,
            runState,
            gateResult: runState.gateResults[at] ?? null,
            earlier: gateResults[at] ? { runId, gateResult: gateResults[at] } : null,
        };
    }));
}
function runEach(plans, given) {
    const all = new AbortController();
    const signal = AbortSignal.any([given.signal, all.signal]);
    const turns = createTurns(given.clock, given.deadline, signal);
    const deps = { ...given, signal, turns, keyOfRun: new Map() };
    const work = plans.map(async (runPlan) => {
        const runState = createRunState(runPlan);
        try {
            runState.outcome = await runOne(runState, deps);
        }
        catch (error) {
            if (error instanceof errors/* RequestError */.GI && error.failure.kind === 'unauthorised')
                all.abort(error);
            runState.outcome = outcomeOf(error, deps.redact);
        }
        deps.listener.ended(runState);
        return runState;
    });
    return Promise.all(work);
}
async function runOne(runState, deps) {
    const found = await findRun(runState, deps);
    deps.listener.found(runState);
    if (!deps.wait)
        return { kind: 'launched' };
    const run = await followRun(runState, found, deps);
    if (run.status === 'completed')
        runState.gateResults = await evaluateGates(runState, run, deps);
    return { kind: run.status };
}
async function findRun(runState, deps) {
    const { clock, onRerun, listener } = deps;
    const { runPlan } = runState;
    if (runPlan.runId !== '') {
        runState.origin = 'given';
        return { run: null, at: clock.now(), notBefore: clock.now() };
    }
    const keys = keysOf(runPlan, deps);
    let reds = 0;
    for (const [nth, key] of keys.entries()) {
        const { notBefore } = await launch(runState, key, deps);
        runState.redRunsBefore = onRerun === 'fresh' ? null : reds;
        const found = { run: null, at: clock.now(), notBefore };
        if (runState.origin === 'started' || nth === keys.length - 1)
            return found;
        const checked = await checkEarlierRun(runState, found, deps);
        if (typeof checked !== 'string')
            return checked;
        const { notices, runId, gateResults } = runState;
        const earlier = checked === 'gate' ? { runId, gateResults } : runState.earlier;
        if (checked === 'gate')
            reds++;
        listener.skipped(runState, checked);
        Object.assign(runState, { ...createRunState(runPlan), notices, earlier });
    }
    throw new Error('there is no key');
}
function keysOf({ idempotencyKey, workflowId, projectId, inputs }, deps) {
    const { context, onRerun, runner } = deps;
    const { repository, commit, workflowRunId, attempt } = context;
    const isFresh = onRerun === 'fresh';
    const scope = isFresh ? `${commit}-${workflowRunId}-${attempt}` : context.keyScope;
    const keyScope = idempotencyKey || scope;
    const keys = listKeys({ keyScope, repository, workflowId, projectId, inputs }, isFresh ? 1 : attempt);
    const digest = (0,external_node_crypto_.hash)('sha256', (0,src_json/* canonicalJson */.dj)(inputs)).slice(0, 12);
    for (const key of keys)
        runner.debug((0,text_escape/* logLine */.BP) `Idempotency key ${key}: ${keyScope}, ${repository}, ${workflowId}, project ${projectId || 'none'}, inputs with SHA-256 ${digest}…`);
    return keys;
}
async function checkEarlierRun(runState, { notBefore }, deps) {
    try {
        await waitForNextCheck(notBefore, deps);
        const seen = await checkRun(runState, deps);
        const { run } = seen;
        if (!isEnded(run))
            return seen;
        if (run.status !== 'completed')
            return run.status;
        return (await passesGates(runState, run, deps)) ? seen : 'gate';
    }
    catch (error) {
        if (!(error instanceof src_outcome/* Ended */.lj))
            throw error;
        const { outcome } = error;
        if (outcome.kind === 'outputs_too_large')
            return 'too_large';
        if (outcome.kind === 'lost_sight' && outcome.failure.code === 'not_found')
            return 'not_found';
        throw error;
    }
}
async function passesGates(runState, run, deps) {
    try {
        runState.gateResults = await evaluateGates(runState, run, deps);
        if (!runState.gateResults.some(isFailing))
            return true;
    }
    catch (error) {
        if (!(error instanceof src_outcome/* Ended */.lj) || error.outcome.kind !== 'gate_timeout')
            throw error;
    }
    return isTransient(await deps.baseline);
}
const MAX_GATE_MS = 4_000;
const GATE_GRACE_MS = 5_000;
async function evaluateGates({ runPlan, workflowId }, run, deps) {
    const { clock, deadline, signal } = deps;
    const leftMs = deadline + GATE_GRACE_MS - clock.now();
    const baseline = await (0,src_clock/* waitAtMost */._R)(clock, deps.baseline, Math.max(0, leftMs), signal);
    signal.throwIfAborted();
    if (baseline === null || leftMs <= 0)
        throw (0,src_outcome/* outOfTime */.p3)('evaluation');
    const began = clock.now();
    const checkTime = () => {
        if (clock.now() - began > MAX_GATE_MS)
            throw new src_outcome/* Ended */.lj({ kind: 'gate_timeout' });
    };
    const today = new Date(clock.date()).toISOString().slice(0, 10);
    return runPlan.entries.map(({ name, gate, knownBy, waivers }) => {
        const { projectId } = runPlan;
        const context = { entry: name, knownBy, waivers, baseline, workflowId, projectId, today, checkTime };
        return applyGate(gate.evaluate(run.outputs, checkTime), context);
    });
}
function outcomeOf(error, redact) {
    if (error instanceof src_outcome/* Ended */.lj)
        return error.outcome;
    if (error instanceof errors/* RequestError */.GI)
        return { kind: 'request_failed', failure: error.failure };
    const { message, stack = message } = error instanceof Error ? error : { message: (0,external_node_util_.inspect)(error) };
    return { kind: 'crashed', message: redact(message), stack: redact(stack) };
}

;// CONCATENATED MODULE: ./src/main.ts









const PUBLISH_MS = 60_000;
const PUBLISH_AFTER_SIGNAL_MS = 5_000;
async function run(deps) {
    const { runner, clock, signal, redact } = deps;
    for (const secret of (0,secrets/* readSecrets */.ql)(runner.environment))
        runner.mask(secret);
    const step = {
        startedAt: clock.now(),
        startDate: clock.date(),
        context: null,
        inputs: null,
        github: null,
        client: null,
        pendingStatusId: null,
        saved: null,
        changesGate: false,
        outcome: null,
    };
    let results = [];
    try {
        const ready = await plan(step, deps);
        results = await runAll(ready, deps, startProgress(ready, deps));
    }
    catch (error) {
        step.outcome = outcomeOf(signal.aborted ? signal.reason : error, redact);
    }
    try {
        const report = createReport(step, results);
        const exitCode = await (0,src_clock/* withGrace */.pj)(clock, signal, PUBLISH_AFTER_SIGNAL_MS, (late) => (0,src_clock/* withTimeLimit */.Bv)(clock, late, PUBLISH_MS, (limited) => publish(report, { ...deps, signal: limited })));
        if (exitCode === 0 && signal.aborted && !(signal.reason instanceof src_outcome/* Ended */.lj))
            throw signal.reason;
        return exitCode;
    }
    catch (error) {
        const outcome = outcomeOf(error, redact);
        if ('stack' in outcome)
            logStack(runner, formatStack(outcome.stack ?? '', step.inputs?.jobSummary === false));
        runner.error(`The action had an internal error: ${redact(String(error))}. Open an issue with the stack in this log.`);
        return 1;
    }
}


/***/ }),

/***/ 34671:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Ed: () => (/* binding */ GithubFailure),
/* harmony export */   lj: () => (/* binding */ Ended),
/* harmony export */   p3: () => (/* binding */ outOfTime),
/* harmony export */   vC: () => (/* binding */ Fault)
/* harmony export */ });
class GithubFailure extends Error {
    code;
    status;
    retryAfterMs;
    constructor(code, message = '', status = null, retryAfterMs = null) {
        super(message);
        this.code = code;
        this.status = status;
        this.retryAfterMs = retryAfterMs;
    }
}
class Ended extends Error {
    outcome;
    constructor(outcome) {
        super(outcome.kind);
        this.outcome = outcome;
    }
}
function outOfTime(phase, more = {}) {
    return new Ended({ kind: 'timed_out', phase, isQueued: false, last: null, leftMs: 0, ...more });
}
class Fault extends Error {
    item;
    constructor(message, item) {
        super(message);
        this.item = item;
    }
}


/***/ }),

/***/ 67388:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   BP: () => (/* binding */ logLine),
/* harmony export */   Ci: () => (/* binding */ escapeForProse),
/* harmony export */   I1: () => (/* binding */ MAX_ANNOTATION_LENGTH),
/* harmony export */   JP: () => (/* binding */ escapeSentenceForMarkdown),
/* harmony export */   KY: () => (/* binding */ escapeForAnnotation),
/* harmony export */   P_: () => (/* binding */ formatCode),
/* harmony export */   Ww: () => (/* binding */ escapeSentenceForLog),
/* harmony export */   mU: () => (/* binding */ formatCodeBlock),
/* harmony export */   nf: () => (/* binding */ link),
/* harmony export */   xv: () => (/* binding */ truncate),
/* harmony export */   zB: () => (/* binding */ escapeForLog)
/* harmony export */ });
/* unused harmony export escapeInvisible */
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
function readStart(text, maxLength) {
    return escapeInvisible(text.slice(0, 2 * maxLength + 2));
}
function toVisibleLine(text, maxLength) {
    return readStart(text, maxLength).replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}
function toProseLine(text, maxLength) {
    const start = text.slice(0, 4 * maxLength + 2);
    const line = escapeInvisible(start)
        .replace(/[ \n\t]+/g, ' ')
        .trim();
    return truncate(start.length < text.length ? `${line}…` : line, maxLength);
}
const BREAK = '\u200b';
const OLD_COMMAND = /#(?=\[)/g;
const FILE_POSITION = /(?<=^|\s)(?:TS\d+(?=:)|line(?=\s\d+,?\scol)|(?=:))/g;
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
function logLine(literals, ...values) {
    const safe = values.map((value) => typeof value === 'object' ? value.safe : escapeForLog(String(value), 2_000));
    return { safe: String.raw({ raw: literals }, ...safe) };
}
const MAX_ANNOTATION_LENGTH = 4_096;
function escapeForAnnotation(text) {
    const line = readStart(text, MAX_ANNOTATION_LENGTH).trim().replace(/\s+/g, ' ').replace(OLD_COMMAND, '# ');
    return truncate(line, MAX_ANNOTATION_LENGTH);
}
const QUOTATION = /`[^`]*`|"(?:[^"\\]|\\.?)*(?:"|$)/g;
function escapeSentenceForLog(text) {
    const line = readStart(text, MAX_ANNOTATION_LENGTH)
        .replace(/[\n\t]/g, ' ')
        .replace(OLD_COMMAND, '# ')
        .replace(/:(?=:)/g, ': ')
        .replace(QUOTATION, (found) => found.startsWith('`') ? found : escapeForLog(found, MAX_ANNOTATION_LENGTH));
    return { safe: truncate(line, MAX_ANNOTATION_LENGTH) };
}
const SPLIT = '<span></span>';
const ACTIVE = new RegExp([
    /(?<hyphen>(?<=(?<![0-9A-Za-z])(?:[Gg][Hh]|[Gg][Hh][Ss][Aa]|[Cc][Vv][Ee]))-(?=\w|$))/,
    /(?<word>@|(?<!^)\/(?=[A-Za-z])|#(?=\d|$)|:(?=[\w+-]*(?::|$)|\/)|[Ww]{3}(?=\.|$)|\[(?=[ xX]\]|!))/,
    /[&<>*`[\]|~\\$]|(?<![0-9A-Za-z])_|^[-+=#/]|(?<=^[0-9]{1,9})[.)](?= |$)/,
]
    .map(({ source }) => source)
    .join('|'), 'g');
const NAMED_ENTITIES = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    $: '<span>$</span>',
};
function toEntity(character) {
    return NAMED_ENTITIES[character] ?? `&#x${character.charCodeAt(0).toString(16)};`;
}
function escapeMarkdown(line) {
    return line.replace(ACTIVE, (found, ...rest) => {
        const { hyphen, word } = rest.at(-1);
        if (hyphen !== undefined)
            return `<span>${toEntity(hyphen)}</span>`;
        return word === undefined ? toEntity(found) : (word === '[' ? toEntity(word) : word) + SPLIT;
    });
}
function escapeForProse(text, maxLength = 300) {
    return escapeMarkdown(toProseLine(text, maxLength));
}
function escapeSentenceForMarkdown(sentence) {
    const parts = toProseLine(sentence, Infinity).split(/(`[^`]+`|"(?:[^"\\]|\\.?)*(?:"|$))/);
    const safe = parts.map((part, at) => {
        if (at % 2 === 1)
            return formatCode(part.startsWith('`') ? part.slice(1, -1) : part, Infinity);
        return part === '' && at > 0 && at < parts.length - 1 ? SPLIT : escapeMarkdown(part);
    });
    return safe.join('');
}
const CALL = /@|\/(?=[A-Za-z])|<(?=!--)/g;
const NOT_IN_SPAN = RegExp(`[|\`]|^ | $|${CALL.source}`);
function formatCode(text, maxLength = 200) {
    if (text === '')
        return '(empty)';
    const line = truncate(toVisibleLine(text, maxLength), maxLength);
    return NOT_IN_SPAN.test(line) ? `<code>${escapeMarkdown(line)}</code>` : `\`${line}\``;
}
function formatCodeBlock(text, maxLength = 20_000, language = '') {
    const start = truncate(readStart(text, maxLength), maxLength);
    const body = language === '' ? start.replace(CALL, `$&${BREAK}`) : start;
    const longest = Math.max(2, ...Array.from(body.matchAll(/`+/g), ([run]) => run.length));
    const fence = '`'.repeat(longest + 1);
    return `${fence}${language}\n${body}\n${fence}`;
}
function link(markdown, url) {
    return url && markdown ? `[${markdown}](${url})` : markdown;
}


/***/ }),

/***/ 98488:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   B4: () => (/* binding */ formatCount),
/* harmony export */   H_: () => (/* binding */ endSentence),
/* harmony export */   N: () => (/* binding */ isDay),
/* harmony export */   Te: () => (/* binding */ inBrackets),
/* harmony export */   XN: () => (/* binding */ sumOf),
/* harmony export */   ZV: () => (/* binding */ formatNumber),
/* harmony export */   a3: () => (/* binding */ formatDuration),
/* harmony export */   fU: () => (/* binding */ formatTime),
/* harmony export */   gM: () => (/* binding */ formatCounts),
/* harmony export */   ki: () => (/* binding */ formatList),
/* harmony export */   oZ: () => (/* binding */ lowerFirst),
/* harmony export */   qg: () => (/* binding */ findNearest),
/* harmony export */   sK: () => (/* binding */ capitalise),
/* harmony export */   uE: () => (/* binding */ joinPresent),
/* harmony export */   z3: () => (/* binding */ isBlank)
/* harmony export */ });
/* harmony import */ var fastest_levenshtein__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(21916);

function formatNumber(value) {
    return String(value).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}
function formatCount(count, noun) {
    return `${formatNumber(count)} ${noun}${count === 1 ? '' : 's'}`;
}
function formatCounts(counts, separator = ', ') {
    const parts = Object.entries(counts).map(([word, count]) => count && `${formatNumber(count)} ${word}`);
    return joinPresent(separator, ...parts);
}
function inBrackets(text) {
    return text && ` (${text})`;
}
function sumOf(all, of) {
    return all.reduce((sum, one) => sum + of(one), 0);
}
function capitalise(text) {
    return text.charAt(0).toUpperCase() + text.slice(1);
}
function lowerFirst(sentence) {
    return sentence.replace(/^(?!Alloovium|GitHub)[A-Z](?=[a-z]|\b)/, (letter) => letter.toLowerCase());
}
function endSentence(text) {
    return text.replace(/(?<=[^.?!…])$/, '.');
}
function joinPresent(separator, ...parts) {
    return parts.filter((part) => part).join(separator);
}
function formatList(names, max = Infinity) {
    const more = names.length - max;
    const shown = more > 0 ? [...names.slice(0, max), `${formatNumber(more)} more`] : names;
    return joinPresent(' and ', shown.slice(0, -1).join(', '), shown.at(-1));
}
function formatDuration(ms) {
    const seconds = Math.max(0, Math.round(ms / 1000));
    const minutes = Math.floor(seconds / 60);
    const hours = Math.floor(minutes / 60);
    const days = Math.floor(hours / 24);
    const min = days > 0 ? 0 : minutes % 60;
    const s = hours > 0 ? 0 : seconds % 60;
    return formatCounts({ d: days, h: hours % 24, min, s }, ' ') || '0 s';
}
function formatTime(text) {
    const date = new Date(text);
    if (Number.isNaN(date.getTime()))
        return '';
    return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
const VISIBLE_CHARACTER = /[^\s\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]/u;
function isBlank(text) {
    return !VISIBLE_CHARACTER.test(text);
}
function isDay(text) {
    return /^\d{4}-\d\d-\d\d$/.test(text) && JSON.stringify(new Date(text)).startsWith(text, 1);
}
const MAX_NAMES = 500;
const MAX_NAME_LENGTH = 64;
function findNearest(names, wanted, maxEdits = 2) {
    const normalise = (name) => name.slice(0, MAX_NAME_LENGTH).toLowerCase().replaceAll(/[-_ ]/g, '');
    const edits = names.slice(0, MAX_NAMES).map((name) => (0,fastest_levenshtein__WEBPACK_IMPORTED_MODULE_0__/* .distance */ .Io)(normalise(name), normalise(wanted)));
    const least = Math.min(...edits);
    return least <= maxEdits ? names[edits.indexOf(least)] : undefined;
}


/***/ }),

/***/ 53326:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   K: () => (/* binding */ redactJson),
/* harmony export */   l: () => (/* binding */ createRedactor)
/* harmony export */ });
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(8301);

const KEY_SHAPE = 'ak_(?:live|test)_\\w{16,200}';
function createRedactor(secrets) {
    const spellings = secrets
        .flatMap(listSpellings)
        .sort((one, other) => other.length - one.length)
        .map((spelling) => spelling.replace(/\W/g, '\\$&'));
    const pattern = new RegExp([...spellings, KEY_SHAPE].join('|'), 'g');
    return (text) => text.replace(pattern, '***');
}
function listSpellings(secret) {
    const plain = [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret.toWellFormed())];
    return [...plain, ...[0, 1, 2].map((offset) => encodeAtOffset(offset, secret))];
}
function encodeAtOffset(offset, secret) {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
    const start = Math.ceil((offset * 8) / 6);
    return bytes.toString('base64').slice(start, Math.floor((bytes.length * 8) / 6));
}
function redactJson(value, redact) {
    if ((0,_json_js__WEBPACK_IMPORTED_MODULE_0__/* .isList */ .Lv)(value)) {
        const copy = value.map((item) => redactJson(item, redact));
        return copy.some((item, at) => item !== value[at]) ? copy : value;
    }
    if ((0,_json_js__WEBPACK_IMPORTED_MODULE_0__/* .isJsonObject */ .OW)(value)) {
        const copy = Object.entries(value).map(([key, item]) => [redact(key), redactJson(item, redact)]);
        const isSame = copy.every(([key, item]) => Object.hasOwn(value, key) && item === value[key]);
        return isSame ? value : Object.fromEntries(copy);
    }
    const source = typeof value === 'string' ? value : JSON.stringify(value);
    const redacted = redact(source);
    return redacted === source ? value : redacted;
}


/***/ }),

/***/ 42613:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("assert");

/***/ }),

/***/ 20181:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("buffer");

/***/ }),

/***/ 49140:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("constants");

/***/ }),

/***/ 76982:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("crypto");

/***/ }),

/***/ 24434:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("events");

/***/ }),

/***/ 79896:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("fs");

/***/ }),

/***/ 91943:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("fs/promises");

/***/ }),

/***/ 58611:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("http");

/***/ }),

/***/ 65692:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("https");

/***/ }),

/***/ 69278:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("net");

/***/ }),

/***/ 4573:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:buffer");

/***/ }),

/***/ 77598:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:crypto");

/***/ }),

/***/ 78474:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:events");

/***/ }),

/***/ 73024:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs");

/***/ }),

/***/ 51455:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs/promises");

/***/ }),

/***/ 37067:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:http");

/***/ }),

/***/ 44708:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:https");

/***/ }),

/***/ 48161:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:os");

/***/ }),

/***/ 76760:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:path");

/***/ }),

/***/ 1708:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:process");

/***/ }),

/***/ 57075:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:stream");

/***/ }),

/***/ 46193:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:string_decoder");

/***/ }),

/***/ 73136:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:url");

/***/ }),

/***/ 57975:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:util");

/***/ }),

/***/ 38522:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:zlib");

/***/ }),

/***/ 70857:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("os");

/***/ }),

/***/ 16928:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("path");

/***/ }),

/***/ 932:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("process");

/***/ }),

/***/ 2203:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("stream");

/***/ }),

/***/ 64756:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("tls");

/***/ }),

/***/ 52018:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("tty");

/***/ }),

/***/ 87016:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("url");

/***/ }),

/***/ 39023:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("util");

/***/ }),

/***/ 43106:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("zlib");

/***/ }),

/***/ 76542:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   h: () => (/* binding */ fetch),
/* harmony export */   k: () => (/* binding */ ProxyAgent)
/* harmony export */ });
/**
 * Stands in for undici in the bundle, by the alias in tsconfig.json: @actions/http-client imports all 940 kB of it for a function that
 * only @actions/github calls, and loading it takes as long as the rest of the start. The action hands Octokit Node's own `fetch`. With
 * a proxy set, importing @actions/github constructs a ProxyAgent, so that must not throw.
 */
class ProxyAgent {}

function fetch() {
  return Promise.reject(new Error('undici is not in the bundle'));
}


/***/ }),

/***/ 70819:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  Yz: () => (/* binding */ core_debug),
  N4: () => (/* binding */ endGroup),
  z3: () => (/* binding */ error),
  pq: () => (/* binding */ info),
  uH: () => (/* binding */ setOutput),
  Pq: () => (/* binding */ core_setSecret),
  Oh: () => (/* binding */ startGroup),
  $e: () => (/* binding */ warning)
});

// UNUSED EXPORTS: ExitCode, addPath, exportVariable, getBooleanInput, getIDToken, getInput, getMultilineInput, getState, group, isDebug, markdownSummary, notice, platform, saveState, setCommandEcho, setFailed, summary, toPlatformPath, toPosixPath, toWin32Path

// EXTERNAL MODULE: external "os"
var external_os_ = __nccwpck_require__(70857);
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
// EXTERNAL MODULE: external "crypto"
var external_crypto_ = __nccwpck_require__(76982);
// EXTERNAL MODULE: external "fs"
var external_fs_ = __nccwpck_require__(79896);
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
    const delimiter = `ghadelimiter_${external_crypto_.randomUUID()}`;
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
// EXTERNAL MODULE: external "path"
var external_path_ = __nccwpck_require__(16928);
// EXTERNAL MODULE: ./node_modules/@actions/http-client/lib/index.js
var lib = __nccwpck_require__(22779);
// EXTERNAL MODULE: ./node_modules/@actions/http-client/lib/auth.js
var auth = __nccwpck_require__(92145);
;// CONCATENATED MODULE: ./node_modules/@actions/core/lib/oidc-utils.js
var __awaiter = (undefined && undefined.__awaiter) || function (thisArg, _arguments, P, generator) {
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
        return __awaiter(this, void 0, void 0, function* () {
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
        return __awaiter(this, void 0, void 0, function* () {
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
const summary = (/* unused pure expression or super */ null && (_summary));
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
;// CONCATENATED MODULE: external "string_decoder"
const external_string_decoder_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("string_decoder");
// EXTERNAL MODULE: external "events"
var external_events_ = __nccwpck_require__(24434);
;// CONCATENATED MODULE: external "child_process"
const external_child_process_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("child_process");
// EXTERNAL MODULE: external "assert"
var external_assert_ = __nccwpck_require__(42613);
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
                const upperExt = external_path_.extname(filePath).toUpperCase();
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
                        const directory = external_path_.dirname(filePath);
                        const upperName = external_path_.basename(filePath).toUpperCase();
                        for (const actualName of yield readdir(directory)) {
                            if (upperName === actualName.toUpperCase()) {
                                filePath = external_path_.join(directory, actualName);
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
            for (const extension of process.env['PATHEXT'].split(external_path_.delimiter)) {
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
        if (tool.includes(external_path_.sep)) {
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
            for (const p of process.env.PATH.split(external_path_.delimiter)) {
                if (p) {
                    directories.push(p);
                }
            }
        }
        // find all matches
        const matches = [];
        for (const directory of directories) {
            const filePath = yield tryGetExecutablePath(external_path_.join(directory, tool), extensions);
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
                this.toolPath = external_path_.resolve(process.cwd(), this.options.cwd || process.cwd(), this.toolPath);
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

/***/ }),

/***/ 92145:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   tZ: () => (/* binding */ BearerCredentialHandler)
/* harmony export */ });
/* unused harmony exports BasicCredentialHandler, PersonalAccessTokenCredentialHandler */
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
class BearerCredentialHandler {
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

/***/ }),

/***/ 22779:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

var https__WEBPACK_IMPORTED_MODULE_1___namespace_cache;
var http__WEBPACK_IMPORTED_MODULE_0___namespace_cache;
/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Hv: () => (/* binding */ HttpCodes),
/* harmony export */   Qq: () => (/* binding */ HttpClient)
/* harmony export */ });
/* unused harmony exports Headers, MediaTypes, getProxyUrl, HttpClientError, HttpClientResponse, isHttps */
/* harmony import */ var http__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(58611);
/* harmony import */ var https__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(65692);
/* harmony import */ var _proxy_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(19783);
/* harmony import */ var tunnel__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(20770);
/* harmony import */ var undici__WEBPACK_IMPORTED_MODULE_4__ = __nccwpck_require__(76542);
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

/***/ 19783:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   s: () => (/* binding */ getProxyUrl)
/* harmony export */ });
/* unused harmony export checkBypass */
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
/******/ 		id: moduleId,
/******/ 		loaded: false,
/******/ 		exports: {}
/******/ 	};
/******/ 
/******/ 	// Execute the module function
/******/ 	var threw = true;
/******/ 	try {
/******/ 		__webpack_modules__[moduleId].call(module.exports, module, module.exports, __nccwpck_require__);
/******/ 		threw = false;
/******/ 	} finally {
/******/ 		if(threw) delete __webpack_module_cache__[moduleId];
/******/ 	}
/******/ 
/******/ 	// Flag the module as loaded
/******/ 	module.loaded = true;
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
/******/ /* webpack/runtime/node module decorator */
/******/ (() => {
/******/ 	__nccwpck_require__.nmd = (module) => {
/******/ 		module.paths = [];
/******/ 		if (!module.children) module.children = [];
/******/ 		return module;
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
/******/ var __webpack_exports__ = __nccwpck_require__(79407);
/******/ __webpack_exports__ = await __webpack_exports__;
/******/ 

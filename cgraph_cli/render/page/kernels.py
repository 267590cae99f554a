"""The rows of the rule table as functions in JavaScript, by name and number of arguments. Do not edit.

python -m cgraph_cli.render.page.makekernels
"""

# fmt: off
# ruff: noqa
KERNELS: dict[tuple[str, int], tuple[str, str]] = {
('add', 2): ("""\
{ name: "add",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (x, y) => { return { "0": x + y }; },
  local: (f, x, y) => { return { "0": 1, "1": 1 }; },
  sends: (f, x, y) => { return {  }; },
  limits: (f, x, y) => { return {  }; },
  kink: (f, x, y) => { return {  }; } }""", ''),
('sub', 2): ("""\
{ name: "sub",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (x, y) => { return { "0": x - y }; },
  local: (f, x, y) => { return { "0": 1, "1": -1 }; },
  sends: (f, x, y) => { return {  }; },
  limits: (f, x, y) => { return {  }; },
  kink: (f, x, y) => { return {  }; } }""", ''),
('mul', 2): ("""\
{ name: "mul",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 2,
  reachesZero: true,
  domain: [],
  value: (x, y) => { return { "0": x*y }; },
  local: (f, x, y) => { return { "0": y, "1": x }; },
  sends: (f, x, y) => { return {  }; },
  limits: (f, x, y) => { return {  }; },
  kink: (f, x, y) => { return {  }; } }""", ''),
('div', 2): ("""\
{ name: "div",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 1,
  reachesZero: true,
  domain: [{"position": 1, "interval": {"low": 0.0, "high": Infinity, "text": "!= 0", "closed": false, "absolute": true, "poles": false, "partial": false}, "words": {"argument": "y", "domain": "y != 0"}}],
  value: (x, y) => { return { "0": x/y }; },
  local: (f, x, y) => { return { "0": 1/y, "1": -f/y }; },
  sends: (f, x, y) => { return {  }; },
  limits: (f, x, y) => { return {  }; },
  kink: (f, x, y) => { return {  }; } }""", ''),
('neg', 1): ("""\
{ name: "neg",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (x) => { return { "0": -x }; },
  local: (f, x) => { return { "0": -1 }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return {  }; } }""", ''),
('pow', 2): ("""\
{ name: "pow",
  chooses: false,
  compares: false,
  convention: null,
  outside: "a negative number has whole powers only, its cube root is cbrt(x)",
  factors: 1,
  reachesZero: true,
  domain: [{"position": 0, "interval": {"low": 0.0, "high": Infinity, "text": "> 0", "closed": false, "absolute": false, "poles": false, "partial": true}, "words": {"argument": "x", "domain": "x > 0"}}],
  value: (x, y) => { return { "0": power(x, y) }; },
  local: (f, x, y) => { return { "0": y === 0 && Math.abs(1/x) === Infinity ? 0 : y*power(x, y - 1), "1": x === 0 && y > 0 ? 0 : f*Math.log(x) }; },
  sends: (f, x, y) => { return {  }; },
  limits: (f, x, y) => { return { "0 0": y === 0 && Math.abs(1/x) === Infinity ? 1 : 0, "1 0": x === 0 && y > 0 ? 1 : 0 }; },
  kink: (f, x, y) => { return {  }; } }""", 'power'),
('lt', 2): ("""\
{ name: "lt",
  chooses: false,
  compares: true,
  convention: "the side taken counts, no gradient passes through the condition",
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (x, y) => { return { "0": x < y ? 1 : 0 }; },
  local: (f, x, y) => { return {  }; },
  sends: (f, x, y) => { return {  }; },
  limits: (f, x, y) => { return {  }; },
  kink: (f, x, y) => { return { "0": x === y ? 1 : 0 }; } }""", ''),
('le', 2): ("""\
{ name: "le",
  chooses: false,
  compares: true,
  convention: "the side taken counts, no gradient passes through the condition",
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (x, y) => { return { "0": x <= y ? 1 : 0 }; },
  local: (f, x, y) => { return {  }; },
  sends: (f, x, y) => { return {  }; },
  limits: (f, x, y) => { return {  }; },
  kink: (f, x, y) => { return { "0": x === y ? 1 : 0 }; } }""", ''),
('gt', 2): ("""\
{ name: "gt",
  chooses: false,
  compares: true,
  convention: "the side taken counts, no gradient passes through the condition",
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (x, y) => { return { "0": x > y ? 1 : 0 }; },
  local: (f, x, y) => { return {  }; },
  sends: (f, x, y) => { return {  }; },
  limits: (f, x, y) => { return {  }; },
  kink: (f, x, y) => { return { "0": x === y ? 1 : 0 }; } }""", ''),
('ge', 2): ("""\
{ name: "ge",
  chooses: false,
  compares: true,
  convention: "the side taken counts, no gradient passes through the condition",
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (x, y) => { return { "0": x >= y ? 1 : 0 }; },
  local: (f, x, y) => { return {  }; },
  sends: (f, x, y) => { return {  }; },
  limits: (f, x, y) => { return {  }; },
  kink: (f, x, y) => { return { "0": x === y ? 1 : 0 }; } }""", ''),
('eq', 2): ("""\
{ name: "eq",
  chooses: false,
  compares: true,
  convention: "the side taken counts, no gradient passes through the condition",
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (x, y) => { return { "0": x === y ? 1 : 0 }; },
  local: (f, x, y) => { return {  }; },
  sends: (f, x, y) => { return {  }; },
  limits: (f, x, y) => { return {  }; },
  kink: (f, x, y) => { return { "0": x === y ? 1 : 0 }; } }""", ''),
('ne', 2): ("""\
{ name: "ne",
  chooses: false,
  compares: true,
  convention: "the side taken counts, no gradient passes through the condition",
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (x, y) => { return { "0": x !== y ? 1 : 0 }; },
  local: (f, x, y) => { return {  }; },
  sends: (f, x, y) => { return {  }; },
  limits: (f, x, y) => { return {  }; },
  kink: (f, x, y) => { return { "0": x === y ? 1 : 0 }; } }""", ''),
('where', 3): ("""\
{ name: "where",
  chooses: true,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (x, y, z) => { return { "0": x !== 0 ? y : z }; },
  local: (f, x, y, z) => { return { "1": x !== 0 ? 1 : 0, "2": x === 0 ? 1 : 0 }; },
  sends: (f, x, y, z) => { return { "1": x !== 0 ? 1 : 0, "2": x === 0 ? 1 : 0 }; },
  limits: (f, x, y, z) => { return {  }; },
  kink: (f, x, y, z) => { return {  }; } }""", ''),
('sqrt', 1): ("""\
{ name: "sqrt",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [{"position": 0, "interval": {"low": 0.0, "high": Infinity, "text": ">= 0", "closed": true, "absolute": false, "poles": false, "partial": false}, "words": {"argument": "x", "domain": "x >= 0"}}],
  value: (x) => { return { "0": Math.sqrt(x) }; },
  local: (f, x) => { return { "0": 1/(2*f) }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return {  }; } }""", ''),
('cbrt', 1): ("""\
{ name: "cbrt",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (x) => { return { "0": Math.cbrt(x) }; },
  local: (f, x) => { return { "0": 1/(3*(f*f)) }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return {  }; } }""", ''),
('exp', 1): ("""\
{ name: "exp",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: false,
  domain: [],
  value: (x) => { return { "0": Math.exp(x) }; },
  local: (f, x) => { return { "0": f }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return {  }; } }""", ''),
('exp2', 1): ("""\
{ name: "exp2",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: false,
  domain: [],
  value: (x) => { return { "0": exp2(x) }; },
  local: (f, x) => { return { "0": f*Math.log(2) }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return {  }; } }""", 'exp2'),
('expm1', 1): ("""\
{ name: "expm1",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (x) => { return { "0": Math.expm1(x) }; },
  local: (f, x) => { return { "0": Math.exp(x) }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return {  }; } }""", ''),
('log', 1): ("""\
{ name: "log",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [{"position": 0, "interval": {"low": 0.0, "high": Infinity, "text": "> 0", "closed": false, "absolute": false, "poles": false, "partial": false}, "words": {"argument": "x", "domain": "x > 0"}}],
  value: (x) => { return { "0": Math.log(x) }; },
  local: (f, x) => { return { "0": 1/x }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return {  }; } }""", ''),
('log2', 1): ("""\
{ name: "log2",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [{"position": 0, "interval": {"low": 0.0, "high": Infinity, "text": "> 0", "closed": false, "absolute": false, "poles": false, "partial": false}, "words": {"argument": "x", "domain": "x > 0"}}],
  value: (x) => { return { "0": Math.log2(x) }; },
  local: (f, x) => { return { "0": 1/(x*Math.log(2)) }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return {  }; } }""", ''),
('log10', 1): ("""\
{ name: "log10",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [{"position": 0, "interval": {"low": 0.0, "high": Infinity, "text": "> 0", "closed": false, "absolute": false, "poles": false, "partial": false}, "words": {"argument": "x", "domain": "x > 0"}}],
  value: (x) => { return { "0": Math.log10(x) }; },
  local: (f, x) => { return { "0": 1/(x*Math.log(10)) }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return {  }; } }""", ''),
('log1p', 1): ("""\
{ name: "log1p",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [{"position": 0, "interval": {"low": -1.0, "high": Infinity, "text": "> -1", "closed": false, "absolute": false, "poles": false, "partial": false}, "words": {"argument": "x", "domain": "x > -1"}}],
  value: (x) => { return { "0": Math.log1p(x) }; },
  local: (f, x) => { return { "0": 1/(1 + x) }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return {  }; } }""", ''),
('sin', 1): ("""\
{ name: "sin",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (x) => { return { "0": Math.sin(x) }; },
  local: (f, x) => { return { "0": Math.cos(x) }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return {  }; } }""", ''),
('cos', 1): ("""\
{ name: "cos",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (x) => { return { "0": Math.cos(x) }; },
  local: (f, x) => { return { "0": -Math.sin(x) }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return {  }; } }""", ''),
('tan', 1): ("""\
{ name: "tan",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (x) => { return { "0": Math.tan(x) }; },
  local: (f, x) => { const t1 = sec(x); return { "0": t1*t1 }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return {  }; } }""", 'sec'),
('sec', 1): ("""\
{ name: "sec",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (x) => { return { "0": sec(x) }; },
  local: (f, x) => { return { "0": f*Math.tan(x) }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return {  }; } }""", 'sec'),
('csc', 1): ("""\
{ name: "csc",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [{"position": 0, "interval": {"low": 0.0, "high": Infinity, "text": "!= 0", "closed": false, "absolute": true, "poles": false, "partial": false}, "words": {"argument": "x", "domain": "x != 0"}}],
  value: (x) => { return { "0": csc(x) }; },
  local: (f, x) => { return { "0": -f*cot(x) }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return {  }; } }""", 'csc cot'),
('cot', 1): ("""\
{ name: "cot",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [{"position": 0, "interval": {"low": 0.0, "high": Infinity, "text": "!= 0", "closed": false, "absolute": true, "poles": false, "partial": false}, "words": {"argument": "x", "domain": "x != 0"}}],
  value: (x) => { return { "0": cot(x) }; },
  local: (f, x) => { const t1 = csc(x); return { "0": -(t1*t1) }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return {  }; } }""", 'cot csc'),
('asin', 1): ("""\
{ name: "asin",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [{"position": 0, "interval": {"low": -1.0, "high": 1.0, "text": "in [-1, 1]", "closed": true, "absolute": false, "poles": false, "partial": false}, "words": {"argument": "x", "domain": "x in [-1, 1]"}}],
  value: (x) => { return { "0": Math.asin(x) }; },
  local: (f, x) => { return { "0": 1/Math.sqrt((1 - x)*(1 + x)) }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return {  }; } }""", ''),
('acos', 1): ("""\
{ name: "acos",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [{"position": 0, "interval": {"low": -1.0, "high": 1.0, "text": "in [-1, 1]", "closed": true, "absolute": false, "poles": false, "partial": false}, "words": {"argument": "x", "domain": "x in [-1, 1]"}}],
  value: (x) => { return { "0": Math.acos(x) }; },
  local: (f, x) => { return { "0": -1/Math.sqrt((1 - x)*(1 + x)) }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return {  }; } }""", ''),
('atan', 1): ("""\
{ name: "atan",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (x) => { return { "0": Math.atan(x) }; },
  local: (f, x) => { return { "0": 1/(1 + x*x) }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return {  }; } }""", ''),
('asec', 1): ("""\
{ name: "asec",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [{"position": 0, "interval": {"low": 1.0, "high": Infinity, "text": "<= -1 or >= 1", "closed": true, "absolute": true, "poles": false, "partial": false}, "words": {"argument": "x", "domain": "x <= -1 or >= 1"}}],
  value: (x) => { return { "0": asec(x) }; },
  local: (f, x) => { const t1 = Math.abs(x); return { "0": 1/(t1*Math.sqrt(t1 - 1)*Math.sqrt(t1 + 1)) }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return {  }; } }""", 'asec'),
('acsc', 1): ("""\
{ name: "acsc",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [{"position": 0, "interval": {"low": 1.0, "high": Infinity, "text": "<= -1 or >= 1", "closed": true, "absolute": true, "poles": false, "partial": false}, "words": {"argument": "x", "domain": "x <= -1 or >= 1"}}],
  value: (x) => { return { "0": acsc(x) }; },
  local: (f, x) => { const t1 = Math.abs(x); return { "0": -1/(t1*Math.sqrt(t1 - 1)*Math.sqrt(t1 + 1)) }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return {  }; } }""", 'acsc'),
('acot', 1): ("""\
{ name: "acot",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [{"position": 0, "interval": {"low": 0.0, "high": Infinity, "text": "!= 0", "closed": false, "absolute": true, "poles": false, "partial": false}, "words": {"argument": "x", "domain": "x != 0"}}],
  value: (x) => { return { "0": acot(x) }; },
  local: (f, x) => { return { "0": -1/(1 + x*x) }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return {  }; } }""", 'acot'),
('atan2', 2): ("""\
{ name: "atan2",
  chooses: false,
  compares: false,
  convention: "the slope of the angle, though its value jumps by a full turn",
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (y, x) => { return { "0": Math.atan2(y, x) }; },
  local: (f, y, x) => { const t1 = Math.hypot(x, y); return { "0": x/t1/t1, "1": -y/t1/t1 }; },
  sends: (f, y, x) => { return {  }; },
  limits: (f, y, x) => { return {  }; },
  kink: (f, y, x) => { return { "0": y === 0 && x <= 0 ? 1 : 0 }; } }""", ''),
('hypot', 2): ("""\
{ name: "hypot",
  chooses: false,
  compares: false,
  convention: "gradient 0 at the origin",
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (x, y) => { return { "0": Math.hypot(x, y) }; },
  local: (f, x, y) => { return { "0": f === 0 ? 0 : x/f, "1": f === 0 ? 0 : y/f }; },
  sends: (f, x, y) => { return {  }; },
  limits: (f, x, y) => { const t1 = f === 0 ? 1 : 0; return { "0 0": t1, "1 0": t1 }; },
  kink: (f, x, y) => { return { "0": f === 0 ? 1 : 0 }; } }""", ''),
('sinh', 1): ("""\
{ name: "sinh",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (x) => { return { "0": Math.sinh(x) }; },
  local: (f, x) => { return { "0": Math.cosh(x) }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return {  }; } }""", ''),
('cosh', 1): ("""\
{ name: "cosh",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: false,
  domain: [],
  value: (x) => { return { "0": Math.cosh(x) }; },
  local: (f, x) => { return { "0": Math.sinh(x) }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return {  }; } }""", ''),
('tanh', 1): ("""\
{ name: "tanh",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (x) => { return { "0": Math.tanh(x) }; },
  local: (f, x) => { const t1 = sech(x); return { "0": t1*t1 }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return {  }; } }""", 'sech'),
('sech', 1): ("""\
{ name: "sech",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: false,
  domain: [],
  value: (x) => { return { "0": sech(x) }; },
  local: (f, x) => { return { "0": -f*Math.tanh(x) }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return {  }; } }""", 'sech'),
('csch', 1): ("""\
{ name: "csch",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [{"position": 0, "interval": {"low": 0.0, "high": Infinity, "text": "!= 0", "closed": false, "absolute": true, "poles": false, "partial": false}, "words": {"argument": "x", "domain": "x != 0"}}],
  value: (x) => { return { "0": csch(x) }; },
  local: (f, x) => { return { "0": -f*coth(x) }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return {  }; } }""", 'csch coth'),
('coth', 1): ("""\
{ name: "coth",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [{"position": 0, "interval": {"low": 0.0, "high": Infinity, "text": "!= 0", "closed": false, "absolute": true, "poles": false, "partial": false}, "words": {"argument": "x", "domain": "x != 0"}}],
  value: (x) => { return { "0": coth(x) }; },
  local: (f, x) => { const t1 = csch(x); return { "0": -(t1*t1) }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return {  }; } }""", 'coth csch'),
('asinh', 1): ("""\
{ name: "asinh",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (x) => { return { "0": Math.asinh(x) }; },
  local: (f, x) => { return { "0": 1/Math.hypot(1, x) }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return {  }; } }""", ''),
('acosh', 1): ("""\
{ name: "acosh",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [{"position": 0, "interval": {"low": 1.0, "high": Infinity, "text": ">= 1", "closed": true, "absolute": false, "poles": false, "partial": false}, "words": {"argument": "x", "domain": "x >= 1"}}],
  value: (x) => { return { "0": Math.acosh(x) }; },
  local: (f, x) => { return { "0": 1/(Math.sqrt(x - 1)*Math.sqrt(x + 1)) }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return {  }; } }""", ''),
('atanh', 1): ("""\
{ name: "atanh",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [{"position": 0, "interval": {"low": -1.0, "high": 1.0, "text": "in (-1, 1)", "closed": false, "absolute": false, "poles": false, "partial": false}, "words": {"argument": "x", "domain": "x in (-1, 1)"}}],
  value: (x) => { return { "0": Math.atanh(x) }; },
  local: (f, x) => { return { "0": 1/((1 - x)*(1 + x)) }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return {  }; } }""", ''),
('asech', 1): ("""\
{ name: "asech",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [{"position": 0, "interval": {"low": 0.0, "high": 1.0000000000000002, "text": "in (0, 1]", "closed": false, "absolute": false, "poles": false, "partial": false}, "words": {"argument": "x", "domain": "x in (0, 1]"}}],
  value: (x) => { return { "0": asech(x) }; },
  local: (f, x) => { return { "0": -1/(x*Math.sqrt((1 - x)*(1 + x))) }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return {  }; } }""", 'asech'),
('acsch', 1): ("""\
{ name: "acsch",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [{"position": 0, "interval": {"low": 0.0, "high": Infinity, "text": "!= 0", "closed": false, "absolute": true, "poles": false, "partial": false}, "words": {"argument": "x", "domain": "x != 0"}}],
  value: (x) => { return { "0": acsch(x) }; },
  local: (f, x) => { return { "0": -1/(Math.abs(x)*Math.hypot(1, x)) }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return {  }; } }""", 'acsch'),
('acoth', 1): ("""\
{ name: "acoth",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [{"position": 0, "interval": {"low": 1.0, "high": Infinity, "text": "< -1 or > 1", "closed": false, "absolute": true, "poles": false, "partial": false}, "words": {"argument": "x", "domain": "x < -1 or > 1"}}],
  value: (x) => { return { "0": acoth(x) }; },
  local: (f, x) => { return { "0": 1/((1 - x)*(1 + x)) }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return {  }; } }""", 'acoth'),
('abs', 1): ("""\
{ name: "abs",
  chooses: false,
  compares: false,
  convention: "gradient 0",
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (x) => { return { "0": Math.abs(x) }; },
  local: (f, x) => { return { "0": Math.sign(x) }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return { "0": x === 0 ? 1 : 0 }; } }""", ''),
('sign', 1): ("""\
{ name: "sign",
  chooses: false,
  compares: false,
  convention: "gradient 0",
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (x) => { return { "0": Math.sign(x) }; },
  local: (f, x) => { return { "0": 0 }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return { "0": x === 0 ? 1 : 0 }; } }""", ''),
('floor', 1): ("""\
{ name: "floor",
  chooses: false,
  compares: false,
  convention: "gradient 0",
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (x) => { return { "0": Math.floor(x) }; },
  local: (f, x) => { return { "0": 0 }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return { "0": x === f ? 1 : 0 }; } }""", ''),
('ceil', 1): ("""\
{ name: "ceil",
  chooses: false,
  compares: false,
  convention: "gradient 0",
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (x) => { return { "0": Math.ceil(x) }; },
  local: (f, x) => { return { "0": 0 }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return { "0": x === f ? 1 : 0 }; } }""", ''),
('round', 1): ("""\
{ name: "round",
  chooses: false,
  compares: false,
  convention: "gradient 0, half to even",
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (x) => { return { "0": round(x) }; },
  local: (f, x) => { return { "0": 0 }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return { "0": Math.abs(x - f) === 0.5 ? 1 : 0 }; } }""", 'round'),
('min', 1): ("""\
{ name: "min",
  chooses: false,
  compares: false,
  convention: "ties share equally",
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (a0) => { return { "0": a0 }; },
  local: (f, a0) => { return { "0": a0 === f ? 1/(a0 === f ? 1 : 0) : 0 }; },
  sends: (f, a0) => { return { "0": a0 === f ? 1 : 0 }; },
  limits: (f, a0) => { return {  }; },
  kink: (f, a0) => { return { "0": (a0 === f ? 1 : 0) > 1 ? 1 : 0 }; } }""", ''),
('min', 2): ("""\
{ name: "min",
  chooses: false,
  compares: false,
  convention: "ties share equally",
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (a0, a1) => { return { "0": Math.min(a0, a1) }; },
  local: (f, a0, a1) => { const t1 = 1/((a0 === f ? 1 : 0) + (a1 === f ? 1 : 0)); return { "0": a0 === f ? t1 : 0, "1": a1 === f ? t1 : 0 }; },
  sends: (f, a0, a1) => { return { "0": a0 === f ? 1 : 0, "1": a1 === f ? 1 : 0 }; },
  limits: (f, a0, a1) => { return {  }; },
  kink: (f, a0, a1) => { return { "0": (a0 === f ? 1 : 0) + (a1 === f ? 1 : 0) > 1 ? 1 : 0 }; } }""", ''),
('min', 3): ("""\
{ name: "min",
  chooses: false,
  compares: false,
  convention: "ties share equally",
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (a0, a1, a2) => { return { "0": Math.min(Math.min(a0, a1), a2) }; },
  local: (f, a0, a1, a2) => { const t1 = 1/((a0 === f ? 1 : 0) + (a1 === f ? 1 : 0) + (a2 === f ? 1 : 0)); return { "0": a0 === f ? t1 : 0, "1": a1 === f ? t1 : 0, "2": a2 === f ? t1 : 0 }; },
  sends: (f, a0, a1, a2) => { return { "0": a0 === f ? 1 : 0, "1": a1 === f ? 1 : 0, "2": a2 === f ? 1 : 0 }; },
  limits: (f, a0, a1, a2) => { return {  }; },
  kink: (f, a0, a1, a2) => { return { "0": (a0 === f ? 1 : 0) + (a1 === f ? 1 : 0) + (a2 === f ? 1 : 0) > 1 ? 1 : 0 }; } }""", ''),
('min', 4): ("""\
{ name: "min",
  chooses: false,
  compares: false,
  convention: "ties share equally",
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (a0, a1, a2, a3) => { return { "0": Math.min(Math.min(Math.min(a0, a1), a2), a3) }; },
  local: (f, a0, a1, a2, a3) => { const t1 = (a0 === f ? 1 : 0) + (a1 === f ? 1 : 0) + (a2 === f ? 1 : 0) + (a3 === f ? 1 : 0); const t2 = 1/t1; return { "0": a0 === f ? t2 : 0, "1": a1 === f ? t2 : 0, "2": a2 === f ? t2 : 0, "3": a3 === f ? t2 : 0 }; },
  sends: (f, a0, a1, a2, a3) => { return { "0": a0 === f ? 1 : 0, "1": a1 === f ? 1 : 0, "2": a2 === f ? 1 : 0, "3": a3 === f ? 1 : 0 }; },
  limits: (f, a0, a1, a2, a3) => { return {  }; },
  kink: (f, a0, a1, a2, a3) => { const t1 = (a0 === f ? 1 : 0) + (a1 === f ? 1 : 0) + (a2 === f ? 1 : 0) + (a3 === f ? 1 : 0); return { "0": t1 > 1 ? 1 : 0 }; } }""", ''),
('max', 1): ("""\
{ name: "max",
  chooses: false,
  compares: false,
  convention: "ties share equally",
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (a0) => { return { "0": a0 }; },
  local: (f, a0) => { return { "0": a0 === f ? 1/(a0 === f ? 1 : 0) : 0 }; },
  sends: (f, a0) => { return { "0": a0 === f ? 1 : 0 }; },
  limits: (f, a0) => { return {  }; },
  kink: (f, a0) => { return { "0": (a0 === f ? 1 : 0) > 1 ? 1 : 0 }; } }""", ''),
('max', 2): ("""\
{ name: "max",
  chooses: false,
  compares: false,
  convention: "ties share equally",
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (a0, a1) => { return { "0": Math.max(a0, a1) }; },
  local: (f, a0, a1) => { const t1 = 1/((a0 === f ? 1 : 0) + (a1 === f ? 1 : 0)); return { "0": a0 === f ? t1 : 0, "1": a1 === f ? t1 : 0 }; },
  sends: (f, a0, a1) => { return { "0": a0 === f ? 1 : 0, "1": a1 === f ? 1 : 0 }; },
  limits: (f, a0, a1) => { return {  }; },
  kink: (f, a0, a1) => { return { "0": (a0 === f ? 1 : 0) + (a1 === f ? 1 : 0) > 1 ? 1 : 0 }; } }""", ''),
('max', 3): ("""\
{ name: "max",
  chooses: false,
  compares: false,
  convention: "ties share equally",
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (a0, a1, a2) => { return { "0": Math.max(Math.max(a0, a1), a2) }; },
  local: (f, a0, a1, a2) => { const t1 = 1/((a0 === f ? 1 : 0) + (a1 === f ? 1 : 0) + (a2 === f ? 1 : 0)); return { "0": a0 === f ? t1 : 0, "1": a1 === f ? t1 : 0, "2": a2 === f ? t1 : 0 }; },
  sends: (f, a0, a1, a2) => { return { "0": a0 === f ? 1 : 0, "1": a1 === f ? 1 : 0, "2": a2 === f ? 1 : 0 }; },
  limits: (f, a0, a1, a2) => { return {  }; },
  kink: (f, a0, a1, a2) => { return { "0": (a0 === f ? 1 : 0) + (a1 === f ? 1 : 0) + (a2 === f ? 1 : 0) > 1 ? 1 : 0 }; } }""", ''),
('max', 4): ("""\
{ name: "max",
  chooses: false,
  compares: false,
  convention: "ties share equally",
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (a0, a1, a2, a3) => { return { "0": Math.max(Math.max(Math.max(a0, a1), a2), a3) }; },
  local: (f, a0, a1, a2, a3) => { const t1 = (a0 === f ? 1 : 0) + (a1 === f ? 1 : 0) + (a2 === f ? 1 : 0) + (a3 === f ? 1 : 0); const t2 = 1/t1; return { "0": a0 === f ? t2 : 0, "1": a1 === f ? t2 : 0, "2": a2 === f ? t2 : 0, "3": a3 === f ? t2 : 0 }; },
  sends: (f, a0, a1, a2, a3) => { return { "0": a0 === f ? 1 : 0, "1": a1 === f ? 1 : 0, "2": a2 === f ? 1 : 0, "3": a3 === f ? 1 : 0 }; },
  limits: (f, a0, a1, a2, a3) => { return {  }; },
  kink: (f, a0, a1, a2, a3) => { const t1 = (a0 === f ? 1 : 0) + (a1 === f ? 1 : 0) + (a2 === f ? 1 : 0) + (a3 === f ? 1 : 0); return { "0": t1 > 1 ? 1 : 0 }; } }""", ''),
('clip', 3): ("""\
{ name: "clip",
  chooses: false,
  compares: false,
  convention: "a bound counts as inside",
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (x, a, b) => { return { "0": clip(x, a, b) }; },
  local: (f, x, a, b) => { return { "0": a <= x && x <= b ? 1 : 0, "1": x < a && a <= b ? 1 : 0, "2": Math.max(x, a) > b ? 1 : 0 }; },
  sends: (f, x, a, b) => { return { "0": a <= x && x <= b ? 1 : 0, "1": x < a && a <= b ? 1 : 0, "2": Math.max(x, a) > b ? 1 : 0 }; },
  limits: (f, x, a, b) => { return {  }; },
  kink: (f, x, a, b) => { return { "0": (x === a && a <= b) || Math.max(x, a) === b ? 1 : 0 }; } }""", 'clip'),
('erf', 1): ("""\
{ name: "erf",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (x) => { return { "0": erf(x) }; },
  local: (f, x) => { return { "0": 2/Math.sqrt(Math.PI)*Math.exp(-(x*x)) }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return {  }; } }""", 'erfc erf'),
('erfc', 1): ("""\
{ name: "erfc",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: false,
  domain: [],
  value: (x) => { return { "0": erfc(x) }; },
  local: (f, x) => { return { "0": -2/Math.sqrt(Math.PI)*Math.exp(-(x*x)) }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return {  }; } }""", 'erfc'),
('gamma', 1): ("""\
{ name: "gamma",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [{"position": 0, "interval": {"low": -Infinity, "high": Infinity, "text": "not 0, -1, -2, ...", "closed": false, "absolute": false, "poles": true, "partial": false}, "words": {"argument": "x", "domain": "x not 0, -1, -2, ..."}}],
  value: (x) => { return { "0": gamma(x) }; },
  local: (f, x) => { return { "0": f*digamma(x) }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return {  }; } }""", 'lanczos sinpi gamma digamma'),
('lgamma', 1): ("""\
{ name: "lgamma",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [{"position": 0, "interval": {"low": -Infinity, "high": Infinity, "text": "not 0, -1, -2, ...", "closed": false, "absolute": false, "poles": true, "partial": false}, "words": {"argument": "x", "domain": "x not 0, -1, -2, ..."}}],
  value: (x) => { return { "0": lgamma(x) }; },
  local: (f, x) => { return { "0": digamma(x) }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return {  }; } }""", 'lanczos sinpi lgamma digamma'),
('digamma', 1): ("""\
{ name: "digamma",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [{"position": 0, "interval": {"low": -Infinity, "high": Infinity, "text": "not 0, -1, -2, ...", "closed": false, "absolute": false, "poles": true, "partial": false}, "words": {"argument": "x", "domain": "x not 0, -1, -2, ..."}}],
  value: (x) => { return { "0": digamma(x) }; },
  local: (f, x) => { return { "0": polygamma(1, x) }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return {  }; } }""", 'digamma scaled_zeta polygamma'),
('polygamma', 2): ("""\
{ name: "polygamma",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [{"position": 0, "interval": {"low": 0.0, "high": 1000.0, "text": "0, 1, ..., 1000", "closed": true, "absolute": false, "poles": false, "partial": false}, "words": {"argument": "n", "domain": "n 0, 1, ..., 1000"}}, {"position": 1, "interval": {"low": -Infinity, "high": Infinity, "text": "not 0, -1, -2, ...", "closed": false, "absolute": false, "poles": true, "partial": false}, "words": {"argument": "x", "domain": "x not 0, -1, -2, ..."}}],
  value: (n, x) => { return { "0": polygamma(n, x) }; },
  local: (f, n, x) => { return { "1": polygamma(n + 1, x) }; },
  sends: (f, n, x) => { return {  }; },
  limits: (f, n, x) => { return {  }; },
  kink: (f, n, x) => { return {  }; } }""", 'digamma scaled_zeta polygamma'),
('sum', 1): ("""\
{ name: "sum",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (a0) => { return { "0": a0 }; },
  local: (f, a0) => { return { "0": 1 }; },
  sends: (f, a0) => { return {  }; },
  limits: (f, a0) => { return {  }; },
  kink: (f, a0) => { return {  }; } }""", ''),
('sum', 2): ("""\
{ name: "sum",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (a0, a1) => { return { "0": a0 + a1 }; },
  local: (f, a0, a1) => { return { "0": 1, "1": 1 }; },
  sends: (f, a0, a1) => { return {  }; },
  limits: (f, a0, a1) => { return {  }; },
  kink: (f, a0, a1) => { return {  }; } }""", ''),
('sum', 3): ("""\
{ name: "sum",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (a0, a1, a2) => { return { "0": a0 + a1 + a2 }; },
  local: (f, a0, a1, a2) => { return { "0": 1, "1": 1, "2": 1 }; },
  sends: (f, a0, a1, a2) => { return {  }; },
  limits: (f, a0, a1, a2) => { return {  }; },
  kink: (f, a0, a1, a2) => { return {  }; } }""", ''),
('sum', 4): ("""\
{ name: "sum",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (a0, a1, a2, a3) => { return { "0": a0 + a1 + a2 + a3 }; },
  local: (f, a0, a1, a2, a3) => { return { "0": 1, "1": 1, "2": 1, "3": 1 }; },
  sends: (f, a0, a1, a2, a3) => { return {  }; },
  limits: (f, a0, a1, a2, a3) => { return {  }; },
  kink: (f, a0, a1, a2, a3) => { return {  }; } }""", ''),
('mean', 1): ("""\
{ name: "mean",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (a0) => { return { "0": a0/1 }; },
  local: (f, a0) => { return { "0": 1 }; },
  sends: (f, a0) => { return {  }; },
  limits: (f, a0) => { return {  }; },
  kink: (f, a0) => { return {  }; } }""", ''),
('mean', 2): ("""\
{ name: "mean",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (a0, a1) => { return { "0": (a0 + a1)/2 }; },
  local: (f, a0, a1) => { return { "0": 0.5, "1": 0.5 }; },
  sends: (f, a0, a1) => { return {  }; },
  limits: (f, a0, a1) => { return {  }; },
  kink: (f, a0, a1) => { return {  }; } }""", ''),
('mean', 3): ("""\
{ name: "mean",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (a0, a1, a2) => { return { "0": (a0 + a1 + a2)/3 }; },
  local: (f, a0, a1, a2) => { const t1 = 1/3; return { "0": t1, "1": t1, "2": t1 }; },
  sends: (f, a0, a1, a2) => { return {  }; },
  limits: (f, a0, a1, a2) => { return {  }; },
  kink: (f, a0, a1, a2) => { return {  }; } }""", ''),
('mean', 4): ("""\
{ name: "mean",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (a0, a1, a2, a3) => { return { "0": (a0 + a1 + a2 + a3)/4 }; },
  local: (f, a0, a1, a2, a3) => { return { "0": 0.25, "1": 0.25, "2": 0.25, "3": 0.25 }; },
  sends: (f, a0, a1, a2, a3) => { return {  }; },
  limits: (f, a0, a1, a2, a3) => { return {  }; },
  kink: (f, a0, a1, a2, a3) => { return {  }; } }""", ''),
('norm', 1): ("""\
{ name: "norm",
  chooses: false,
  compares: false,
  convention: "gradient 0 at the origin",
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (a0) => { return { "0": Math.abs(a0) }; },
  local: (f, a0) => { return { "0": f === 0 ? 0 : a0/f }; },
  sends: (f, a0) => { return {  }; },
  limits: (f, a0) => { return { "0 0": f === 0 ? 1 : 0 }; },
  kink: (f, a0) => { return { "0": f === 0 ? 1 : 0 }; } }""", ''),
('norm', 2): ("""\
{ name: "norm",
  chooses: false,
  compares: false,
  convention: "gradient 0 at the origin",
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (a0, a1) => { return { "0": Math.hypot(a0, a1) }; },
  local: (f, a0, a1) => { return { "0": f === 0 ? 0 : a0/f, "1": f === 0 ? 0 : a1/f }; },
  sends: (f, a0, a1) => { return {  }; },
  limits: (f, a0, a1) => { const t1 = f === 0 ? 1 : 0; return { "0 0": t1, "1 0": t1 }; },
  kink: (f, a0, a1) => { return { "0": f === 0 ? 1 : 0 }; } }""", ''),
('norm', 3): ("""\
{ name: "norm",
  chooses: false,
  compares: false,
  convention: "gradient 0 at the origin",
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (a0, a1, a2) => { return { "0": Math.hypot(Math.hypot(a0, a1), a2) }; },
  local: (f, a0, a1, a2) => { return { "0": f === 0 ? 0 : a0/f, "1": f === 0 ? 0 : a1/f, "2": f === 0 ? 0 : a2/f }; },
  sends: (f, a0, a1, a2) => { return {  }; },
  limits: (f, a0, a1, a2) => { const t1 = f === 0 ? 1 : 0; return { "0 0": t1, "1 0": t1, "2 0": t1 }; },
  kink: (f, a0, a1, a2) => { return { "0": f === 0 ? 1 : 0 }; } }""", ''),
('norm', 4): ("""\
{ name: "norm",
  chooses: false,
  compares: false,
  convention: "gradient 0 at the origin",
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (a0, a1, a2, a3) => { return { "0": Math.hypot(Math.hypot(Math.hypot(a0, a1), a2), a3) }; },
  local: (f, a0, a1, a2, a3) => { return { "0": f === 0 ? 0 : a0/f, "1": f === 0 ? 0 : a1/f, "2": f === 0 ? 0 : a2/f, "3": f === 0 ? 0 : a3/f }; },
  sends: (f, a0, a1, a2, a3) => { return {  }; },
  limits: (f, a0, a1, a2, a3) => { const t1 = f === 0 ? 1 : 0; return { "0 0": t1, "1 0": t1, "2 0": t1, "3 0": t1 }; },
  kink: (f, a0, a1, a2, a3) => { return { "0": f === 0 ? 1 : 0 }; } }""", ''),
('logsumexp', 1): ("""\
{ name: "logsumexp",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (a0) => { const t1 = Math.log1p((a0 === a0 ? 0 : Math.exp(a0 - a0)) + ((a0 === a0 ? 1 : 0) - 1)); return { "0": Math.abs(a0) === Infinity ? a0 : a0 + t1 }; },
  local: (f, a0) => { return { "0": Math.exp(a0 - f) }; },
  sends: (f, a0) => { return {  }; },
  limits: (f, a0) => { return {  }; },
  kink: (f, a0) => { return {  }; } }""", ''),
('logsumexp', 2): ("""\
{ name: "logsumexp",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (a0, a1) => { const t1 = Math.max(a0, a1); const t2 = (a0 === t1 ? 0 : Math.exp(a0 - t1)) + (a1 === t1 ? 0 : Math.exp(a1 - t1)); return { "0": Math.abs(t1) === Infinity ? t1 : t1 + Math.log1p(t2 + ((a0 === t1 ? 1 : 0) + (a1 === t1 ? 1 : 0) - 1)) }; },
  local: (f, a0, a1) => { return { "0": Math.exp(a0 - f), "1": Math.exp(a1 - f) }; },
  sends: (f, a0, a1) => { return {  }; },
  limits: (f, a0, a1) => { return {  }; },
  kink: (f, a0, a1) => { return {  }; } }""", ''),
('logsumexp', 3): ("""\
{ name: "logsumexp",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (a0, a1, a2) => { const t1 = Math.max(Math.max(a0, a1), a2); const t2 = (a0 === t1 ? 0 : Math.exp(a0 - t1)) + (a1 === t1 ? 0 : Math.exp(a1 - t1)); const t3 = t2 + (a2 === t1 ? 0 : Math.exp(a2 - t1)) + ((a0 === t1 ? 1 : 0) + (a1 === t1 ? 1 : 0) + (a2 === t1 ? 1 : 0) - 1); return { "0": Math.abs(t1) === Infinity ? t1 : t1 + Math.log1p(t3) }; },
  local: (f, a0, a1, a2) => { return { "0": Math.exp(a0 - f), "1": Math.exp(a1 - f), "2": Math.exp(a2 - f) }; },
  sends: (f, a0, a1, a2) => { return {  }; },
  limits: (f, a0, a1, a2) => { return {  }; },
  kink: (f, a0, a1, a2) => { return {  }; } }""", ''),
('logsumexp', 4): ("""\
{ name: "logsumexp",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (a0, a1, a2, a3) => { const t1 = Math.max(Math.max(Math.max(a0, a1), a2), a3); const t2 = (a0 === t1 ? 0 : Math.exp(a0 - t1)) + (a1 === t1 ? 0 : Math.exp(a1 - t1)); const t3 = t2 + (a2 === t1 ? 0 : Math.exp(a2 - t1)) + (a3 === t1 ? 0 : Math.exp(a3 - t1)); const t4 = (a0 === t1 ? 1 : 0) + (a1 === t1 ? 1 : 0) + (a2 === t1 ? 1 : 0) + (a3 === t1 ? 1 : 0); return { "0": Math.abs(t1) === Infinity ? t1 : t1 + Math.log1p(t3 + (t4 - 1)) }; },
  local: (f, a0, a1, a2, a3) => { return { "0": Math.exp(a0 - f), "1": Math.exp(a1 - f), "2": Math.exp(a2 - f), "3": Math.exp(a3 - f) }; },
  sends: (f, a0, a1, a2, a3) => { return {  }; },
  limits: (f, a0, a1, a2, a3) => { return {  }; },
  kink: (f, a0, a1, a2, a3) => { return {  }; } }""", ''),
('sigmoid', 1): ("""\
{ name: "sigmoid",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: false,
  domain: [],
  value: (x) => { return { "0": sigmoid(x) }; },
  local: (f, x) => { return { "0": f*sigmoid(-x) }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return {  }; } }""", 'sigmoid'),
('logsigmoid', 1): ("""\
{ name: "logsigmoid",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: false,
  domain: [],
  value: (x) => { return { "0": logsigmoid(x) }; },
  local: (f, x) => { return { "0": sigmoid(-x) }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return {  }; } }""", 'logsigmoid sigmoid'),
('softplus', 1): ("""\
{ name: "softplus",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: false,
  domain: [],
  value: (x) => { return { "0": softplus(x) }; },
  local: (f, x) => { return { "0": sigmoid(x) }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return {  }; } }""", 'softplus sigmoid'),
('relu', 1): ("""\
{ name: "relu",
  chooses: false,
  compares: false,
  convention: "gradient 0",
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (x) => { return { "0": relu(x) }; },
  local: (f, x) => { return { "0": x > 0 ? 1 : 0 }; },
  sends: (f, x) => { return { "0": x > 0 ? 1 : 0 }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return { "0": x === 0 ? 1 : 0 }; } }""", 'relu'),
('leaky_relu', 1): ("""\
{ name: "leaky_relu",
  chooses: false,
  compares: false,
  convention: "the slope a of the left side",
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (x) => { return { "0": leaky_relu(x, 0.01) }; },
  local: (f, x) => { return { "0": x > 0 ? 1 : 0.01 }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return { "0": x === 0 ? 1 : 0 }; } }""", 'leaky_relu'),
('leaky_relu', 2): ("""\
{ name: "leaky_relu",
  chooses: false,
  compares: false,
  convention: "the slope a of the left side",
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (x, a) => { return { "0": leaky_relu(x, a) }; },
  local: (f, x, a) => { return { "0": x > 0 ? 1 : a, "1": x > 0 ? 0 : x }; },
  sends: (f, x, a) => { return { "1": x > 0 ? 0 : 1 }; },
  limits: (f, x, a) => { return {  }; },
  kink: (f, x, a) => { return { "0": x === 0 && a !== 1 ? 1 : 0 }; } }""", 'leaky_relu'),
('elu', 1): ("""\
{ name: "elu",
  chooses: false,
  compares: false,
  convention: "the slope a of the left side",
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (x) => { return { "0": elu(x, 1) }; },
  local: (f, x) => { return { "0": x > 0 ? 1 : Math.exp(x) }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return { "0": 0 }; } }""", 'elu'),
('elu', 2): ("""\
{ name: "elu",
  chooses: false,
  compares: false,
  convention: "the slope a of the left side",
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (x, a) => { return { "0": elu(x, a) }; },
  local: (f, x, a) => { return { "0": x > 0 ? 1 : a*Math.exp(x), "1": x > 0 ? 0 : Math.expm1(x) }; },
  sends: (f, x, a) => { return { "1": x > 0 ? 0 : 1 }; },
  limits: (f, x, a) => { return {  }; },
  kink: (f, x, a) => { return { "0": x === 0 && a !== 1 ? 1 : 0 }; } }""", 'elu'),
('silu', 1): ("""\
{ name: "silu",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 1,
  reachesZero: true,
  domain: [],
  value: (x) => { return { "0": silu(x) }; },
  local: (f, x) => { return { "0": sigmoid(x)*(1 + x*sigmoid(-x)) }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return {  }; } }""", 'sigmoid silu'),
('gelu', 1): ("""\
{ name: "gelu",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 1,
  reachesZero: true,
  domain: [],
  value: (x) => { return { "0": gelu(x) }; },
  local: (f, x) => { return { "0": erfc(-x/Math.sqrt(2))/2 + x*Math.exp(-(x*x)/2)/Math.sqrt(2*Math.PI) }; },
  sends: (f, x) => { return {  }; },
  limits: (f, x) => { return {  }; },
  kink: (f, x) => { return {  }; } }""", 'erfc gelu'),
('mse', 2): ("""\
{ name: "mse",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (p, t) => { return { "0": mse(p, t) }; },
  local: (f, p, t) => { return { "0": 2*(p - t), "1": 2*(t - p) }; },
  sends: (f, p, t) => { return {  }; },
  limits: (f, p, t) => { return {  }; },
  kink: (f, p, t) => { return {  }; } }""", 'mse'),
('mae', 2): ("""\
{ name: "mae",
  chooses: false,
  compares: false,
  convention: "gradient 0",
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (p, t) => { return { "0": mae(p, t) }; },
  local: (f, p, t) => { return { "0": Math.sign(p - t), "1": Math.sign(t - p) }; },
  sends: (f, p, t) => { return {  }; },
  limits: (f, p, t) => { return {  }; },
  kink: (f, p, t) => { return { "0": p === t ? 1 : 0 }; } }""", 'mae'),
('huber', 2): ("""\
{ name: "huber",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (p, t) => { return { "0": huber(p, t, 1) }; },
  local: (f, p, t) => { return { "0": clip(p - t, -1, 1), "1": clip(t - p, -1, 1) }; },
  sends: (f, p, t) => { return {  }; },
  limits: (f, p, t) => { return {  }; },
  kink: (f, p, t) => { return {  }; } }""", 'huber clip'),
('huber', 3): ("""\
{ name: "huber",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [{"position": 2, "interval": {"low": 0.0, "high": Infinity, "text": "> 0", "closed": false, "absolute": false, "poles": false, "partial": false}, "words": {"argument": "d", "domain": "d > 0"}}],
  value: (p, t, d) => { return { "0": huber(p, t, d) }; },
  local: (f, p, t, d) => { const t1 = p - t; const t2 = Math.abs(t1); return { "0": clip(t1, -d, d), "1": clip(t - p, -d, d), "2": t2 <= d ? 0 : t2 - d }; },
  sends: (f, p, t, d) => { return { "2": Math.abs(p - t) <= d ? 0 : 1 }; },
  limits: (f, p, t, d) => { return {  }; },
  kink: (f, p, t, d) => { return {  }; } }""", 'huber clip'),
('cross_entropy', 2): ("""\
{ name: "cross_entropy",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [{"position": 0, "interval": {"low": 0.0, "high": 1.0, "text": "in [0, 1]", "closed": true, "absolute": false, "poles": false, "partial": false}, "words": {"argument": "p", "domain": "p in [0, 1]"}}, {"position": 1, "interval": {"low": 0.0, "high": 1.0, "text": "in [0, 1]", "closed": true, "absolute": false, "poles": false, "partial": false}, "words": {"argument": "t", "domain": "t in [0, 1]"}}],
  value: (p, t) => { return { "0": cross_entropy(p, t) }; },
  local: (f, p, t) => { return { "0": p === 0 && t === 0 ? 1 : p === 1 && t === 1 ? -1 : (p - t)/(p*(1 - p)), "1": Math.log1p(-p) - Math.log(p) }; },
  sends: (f, p, t) => { return {  }; },
  limits: (f, p, t) => { return { "0 0": p === 0 && t === 0 ? 1 : 0, "0 1": p === 1 && t === 1 ? 1 : 0 }; },
  kink: (f, p, t) => { return {  }; } }""", 'cross_entropy'),
('bce_logits', 2): ("""\
{ name: "bce_logits",
  chooses: false,
  compares: false,
  convention: null,
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [{"position": 1, "interval": {"low": 0.0, "high": 1.0, "text": "in [0, 1]", "closed": true, "absolute": false, "poles": false, "partial": false}, "words": {"argument": "t", "domain": "t in [0, 1]"}}],
  value: (z, t) => { return { "0": bce_logits(z, t) }; },
  local: (f, z, t) => { return { "0": sigmoid(z) - t, "1": -z }; },
  sends: (f, z, t) => { return {  }; },
  limits: (f, z, t) => { return {  }; },
  kink: (f, z, t) => { return {  }; } }""", 'bce_logits sigmoid'),
('hinge', 2): ("""\
{ name: "hinge",
  chooses: false,
  compares: false,
  convention: "gradient 0",
  outside: null,
  factors: 0,
  reachesZero: true,
  domain: [],
  value: (p, t) => { return { "0": hinge(p, t) }; },
  local: (f, p, t) => { const t1 = t*p < 1; return { "0": t1 ? -t : 0, "1": t1 ? -p : 0 }; },
  sends: (f, p, t) => { const t1 = t*p < 1 ? 1 : 0; return { "0": t1, "1": t1 }; },
  limits: (f, p, t) => { return {  }; },
  kink: (f, p, t) => { return { "0": t*p === 1 ? 1 : 0 }; } }""", 'hinge'),
}
HELPERS: dict[str, str] = {
'power': """\
// x**y as in C: 1**y and (-1)**Infinity are 1.
function power(x, y) {
    return x === 1 || (x === -1 && Math.abs(y) === Infinity) ? 1 : x**y;
}""",
'exp2': """\
// 2**x.
function exp2(x) {
    return 2**x;
}""",
'sec': """\
// sec(x) = 1/cos(x)
function sec(x) {
    return 1/Math.cos(x);
}""",
'csc': """\
// csc(x) = 1/sin(x)
function csc(x) {
    return 1/Math.sin(x);
}""",
'cot': """\
// cot(x) = 1/tan(x)
function cot(x) {
    return 1/Math.tan(x);
}""",
'asec': """\
// asec(x) = acos(1/x)
function asec(x) {
    const t1 = Math.abs(x);
    return Math.atan2(Math.sqrt(t1 - 1)*Math.sqrt(t1 + 1), Math.sign(x));
}""",
'acsc': """\
// acsc(x) = asin(1/x)
function acsc(x) {
    const t1 = Math.abs(x);
    return Math.atan2(Math.sign(x), Math.sqrt(t1 - 1)*Math.sqrt(t1 + 1));
}""",
'acot': """\
// acot(x) = atan(1/x)
function acot(x) {
    return Math.atan(1/x);
}""",
'sech': """\
// sech(x) = 1/cosh(x)
function sech(x) {
    const t1 = Math.abs(x);
    return 2*Math.exp(-t1)/(1 + Math.exp(-2*t1));
}""",
'csch': """\
// csch(x) = 1/sinh(x)
function csch(x) {
    return 1/Math.sinh(x);
}""",
'coth': """\
// coth(x) = 1/tanh(x)
function coth(x) {
    return 1/Math.tanh(x);
}""",
'asech': """\
// asech(x) = acosh(1/x)
function asech(x) {
    return Math.log1p(Math.sqrt((1 - x)*(1 + x))) - Math.log(x);
}""",
'acsch': """\
// acsch(x) = asinh(1/x)
function acsch(x) {
    return Math.asinh(1/x);
}""",
'acoth': """\
// acoth(x) = atanh(1/x)
function acoth(x) {
    return Math.sign(x)*Math.log1p(2/(Math.abs(x) - 1))/2;
}""",
'round': """\
// The nearest whole number, halves to the even one.
function round(x) {
    if (x - x !== 0) {
        return x;
    }
    const whole = Math.floor(x);
    const rest = x - whole;
    if (rest < 0.5) {
        return whole;
    }
    return rest > 0.5 || whole !== 2*Math.floor(0.5*whole) ? whole + 1 : whole;
}""",
'clip': """\
// clip(x, a, b) = min(max(x, a), b)
function clip(x, a, b) {
    return Math.min(Math.max(x, a), b);
}""",
'erfc': """\
// Complementary error function: power series (DLMF 7.6.2) near 0, else continued fraction (DLMF 7.9.2).
function erfc(x) {
    if (x !== x) {
        return x;
    }
    const a = Math.abs(x);
    if (a < 0.5) {
        const z = x*x;
        let s = 0;
        let k = 20.5;
        while (k > 1) {
            s = 2 + z*s/k;
            k = k - 1;
        }
        return 1 - x*Math.exp(-z)*s*0.5641895835477563;
    }
    if (a > 27.3) {
        if (x < 0) {
            return 2;
        }
        return 0;
    }
    const w = a*a;
    let m = Math.floor(12 + 110/w);
    let t = w + 2*m + 0.5;
    while (m > 0) {
        t = w + 2*m - 1.5 - m*(m - 0.5)/t;
        m = m - 1;
    }
    const h = Math.floor(16*a)/16;
    const r = a*0.5641895835477563*Math.exp(-h*h)*Math.exp(-(a - h)*(a + h))/t;
    if (x < 0) {
        return 2 - r;
    }
    return r;
}""",
'erf': """\
// Error function: power series (DLMF 7.6.2) where it is below 0.84, else 1 - erfc(x).
function erf(x) {
    const a = Math.abs(x);
    if (a < 1) {
        const z = x*x;
        let s = 0;
        let k = 24.5;
        while (k > 1) {
            s = 2 + z*s/k;
            k = k - 1;
        }
        return x*Math.exp(-z)*s*0.5641895835477563;
    }
    if (x !== x) {
        return x;
    }
    let r = 1;
    if (a < 6) {
        r = 1 - erfc(a);
    }
    if (x < 0) {
        return -r;
    }
    return r;
}""",
'lanczos': """\
// Lanczos sum for the gamma function, g = 6.024680040776729583740234375, as in Boost and CPython.
function lanczos(x) {
    if (x < 5) {
        let p = 2.5066282746310002;
        p = ((p*x + 210.82427775157936)*x + 8071.672002365816)*x + 186056.26539522348;
        p = ((p*x + 2876370.6289353725)*x + 31426415.585400194)*x + 248874557.86205417;
        p = ((p*x + 1439720407.3117216)*x + 6039542586.352028)*x + 17921034426.03721;
        p = ((p*x + 35711959237.35567)*x + 42919803642.6491)*x + 23531376880.41076;
        let q = 1;
        q = ((q*x + 66)*x + 1925)*x + 32670;
        q = ((q*x + 357423)*x + 2637558)*x + 13339535;
        q = ((q*x + 45995730)*x + 105258076)*x + 150917976;
        q = ((q*x + 120543840)*x + 39916800)*x;
        return p/q;
    }
    const u = 1/x;
    let v = 23531376880.41076;
    v = ((v*u + 42919803642.6491)*u + 35711959237.35567)*u + 17921034426.03721;
    v = ((v*u + 6039542586.352028)*u + 1439720407.3117216)*u + 248874557.86205417;
    v = ((v*u + 31426415.585400194)*u + 2876370.6289353725)*u + 186056.26539522348;
    v = ((v*u + 8071.672002365816)*u + 210.82427775157936)*u + 2.5066282746310002;
    let w = 0;
    w = ((w*u + 39916800)*u + 120543840)*u + 150917976;
    w = ((w*u + 105258076)*u + 45995730)*u + 13339535;
    w = ((w*u + 2637558)*u + 357423)*u + 32670;
    w = ((w*u + 1925)*u + 66)*u + 1;
    return v/w;
}""",
'sinpi': """\
// sin(pi*x) for x >= 0 without the error of pi*x.
function sinpi(x) {
    const r = x - 2*Math.floor(0.5*x);
    if (r < 0.25) {
        return Math.sin(3.141592653589793*r);
    }
    if (r < 0.75) {
        return Math.cos(3.141592653589793*(0.5 - r));
    }
    if (r < 1.25) {
        return Math.sin(3.141592653589793*(1 - r));
    }
    if (r < 1.75) {
        return -Math.cos(3.141592653589793*(r - 1.5));
    }
    return Math.sin(3.141592653589793*(r - 2));
}""",
'gamma': """\
// Gamma function: Lanczos approximation with reflection for x < 0, as in Boost and CPython.
function gamma(x) {
    if (x !== x || x === Infinity) {
        return x;
    }
    if (x === 0) {
        if (Math.atan2(x, -1) < 0) {
            return -Infinity;
        }
        return Infinity;
    }
    if (x === -Infinity || (x < 0 && x === Math.floor(x))) {
        return NaN;
    }
    const a = Math.abs(x);
    if (a < 1e-20) {
        return 1/x;
    }
    if (a > 200) {
        if (x > 0) {
            return Infinity;
        }
        return 0;
    }
    const y = a + 5.52468004077673;
    let z = y - a - 5.52468004077673;
    if (a > 5.52468004077673) {
        z = y - 5.52468004077673 - a;
    }
    z = z*6.02468004077673/y;
    const w = y**(0.5*a - 0.25);
    if (x > 0) {
        let r = lanczos(a)/Math.exp(y);
        r = r + z*r;
        if (a > 171.7) {
            return Infinity;
        }
        return r*w*w;
    }
    let r = -3.141592653589793/sinpi(a)/a*Math.exp(y)/lanczos(a);
    r = r - z*r;
    return r/w/w;
}""",
'digamma': """\
// Digamma: Taylor series about its zero, recurrence, asymptotic series, reflection (DLMF 5.5.2, 5.5.4, 5.11.2).
function digamma(x) {
    if (x !== x || x === Infinity) {
        return x;
    }
    if (x <= 0) {
        if (x === -Infinity || x === Math.floor(x)) {
            return NaN;
        }
        const h = x - Math.floor(x + 0.5);
        return digamma(1 - x) - 3.141592653589793/Math.tan(3.141592653589793*h);
    }
    if (Math.abs(x - 1.4616321449683622) < 0.3) {
        const t = x - 1.4616321449683622 - 9.549995429965697e-17;
        let s = -1.6584242271854135e-5;
        s = ((s*t + 2.424006611860132e-5)*t - 3.5430070947659604e-5)*t + 5.178575795222081e-5;
        s = ((s*t - 7.569179582195066e-5)*t + 0.0001106337276874741)*t - 0.00016170622091974803;
        s = ((s*t + 0.00023635601564027053)*t - 0.0003454680251063077)*t + 0.000504953265834602;
        s = ((s*t - 0.0007380709389960052)*t + 0.0010788252019162967)*t - 0.0015769367714301972;
        s = ((s*t + 0.002305126326734928)*t - 0.003369801655439328)*t + 0.004926781395729853;
        s = ((s*t - 0.007204534386356869)*t + 0.010538791616612175)*t - 0.01542476590494896;
        s = ((s*t + 0.022597648232218104)*t - 0.03316112647484736)*t + 0.04880428816414311;
        s = ((s*t - 0.07219956125645471)*t + 0.10782405069126237)*t - 0.16394270544240652;
        s = ((s*t + 0.258499760955651)*t - 0.4427631689835921)*t + 0.9676722454476212;
        return s*t;
    }
    let r = 0;
    let y = x;
    while (y < 10) {
        r = r - 1/y;
        y = y + 1;
    }
    const u = 1/(y*y);
    let p = -26.456212121212122;
    p = ((p*u + 3.0539543302701198)*u - 0.4432598039215686)*u + 0.08333333333333333;
    p = ((p*u - 0.021092796092796094)*u + 0.007575757575757576)*u - 0.004166666666666667;
    p = ((p*u + 0.003968253968253968)*u - 0.008333333333333333)*u + 0.08333333333333333;
    return r + Math.log(y) - 0.5/y - p*u;
}""",
'lgamma': """\
// log |gamma(x)|: Lanczos approximation as in CPython; Taylor series (DLMF 5.7.3) about its zeros 1 and 2.
function lgamma(x) {
    if (x !== x) {
        return x;
    }
    const a = Math.abs(x);
    if (a === Infinity) {
        return Infinity;
    }
    if (x <= 0 && x === Math.floor(x)) {
        return Infinity;
    }
    if (a < 1e-20) {
        return -Math.log(a);
    }
    if (x > 0.5 && x < 2.5) {
        let t = x - 1;
        if (x >= 1.5) {
            t = x - 2;
        }
        let s = -1.5021384080754142e-11;
        s = ((s*t + 3.1044247747322276e-11)*t - 6.4229645638381e-11)*t + 1.330476437424449e-10;
        s = ((s*t - 2.7595228851242334e-10)*t + 5.731367241678862e-10)*t - 1.1921401405860912e-9;
        s = ((s*t + 2.4836745438024785e-9)*t - 5.183475041970047e-9)*t + 1.0838659214896955e-8;
        s = ((s*t - 2.2711094608943164e-8)*t + 4.7698101693639804e-8)*t - 1.0043224823968099e-7;
        s = ((s*t + 2.1207184805554665e-7)*t - 4.492469198764566e-7)*t + 9.55141213040742e-7;
        s = ((s*t - 2.039215753801366e-6)*t + 4.374866789907488e-6)*t - 9.439488275268397e-6;
        s = ((s*t + 2.050721277567069e-5)*t - 4.492623673813314e-5)*t + 9.945751278180853e-5;
        s = ((s*t - 0.00022315475845357939)*t + 0.0005096695247430425)*t - 0.001192753911703261;
        s = ((s*t + 0.0028905103307415234)*t - 0.007385551028673986)*t + 0.020580808427784546;
        s = ((s*t - 0.0673523010531981)*t + 0.3224670334241132)*t + 0.42278433509846713;
        s = s*t;
        if (x < 1.5) {
            return s - Math.log1p(t);
        }
        return s;
    }
    let r = Math.log(lanczos(a)) - 6.02468004077673;
    r = r + (a - 0.5)*(Math.log(a + 5.52468004077673) - 1);
    if (x < 0) {
        return 1.1447298858494002 - Math.log(Math.abs(sinpi(a))) - Math.log(a) - r;
    }
    return r;
}""",
'scaled_zeta': """\
// n! zeta(n + 1, x) for x > 0: Euler-Maclaurin summation (DLMF 25.11.5), factors kept near 1.
function scaled_zeta(n, x) {
    const p = n + 1;
    let s = 0;
    let a = x;
    while (a < 0.5*p + 10) {
        s = s + (x/a)**p;
        a = a + 1;
    }
    const w = (x/a)**p;
    const u = 1/a;
    s = s + w*a/n + 0.5*w;
    let v = w*p*u;
    s = s + 0.08333333333333333*v;
    v = v*((p + 1)*u)*((p + 2)*u);
    s = s - 0.001388888888888889*v;
    v = v*((p + 3)*u)*((p + 4)*u);
    s = s + 3.306878306878307e-5*v;
    v = v*((p + 5)*u)*((p + 6)*u);
    s = s - 8.267195767195768e-7*v;
    v = v*((p + 7)*u)*((p + 8)*u);
    s = s + 2.08767569878681e-8*v;
    v = v*((p + 9)*u)*((p + 10)*u);
    s = s - 5.284190138687493e-10*v;
    v = v*((p + 11)*u)*((p + 12)*u);
    s = s + 1.3382536530684679e-11*v;
    v = v*((p + 13)*u)*((p + 14)*u);
    s = s - 3.3896802963225827e-13*v;
    v = v*((p + 15)*u)*((p + 16)*u);
    s = s + 8.586062056277845e-15*v;
    v = v*((p + 17)*u)*((p + 18)*u);
    s = s - 2.174868698558062e-16*v;
    let r = s;
    let low = 1;
    let high = n;
    r = r/x;
    while (low <= high) {
        if (Math.abs(r) > 1) {
            r = r*(low/x);
            low = low + 1;
        } else {
            r = r*(high/x);
            high = high - 1;
        }
        if (r === Infinity || r === 0) {
            return r;
        }
    }
    return r;
}""",
'polygamma': """\
// Polygamma: n! zeta(n + 1, x) up to sign (DLMF 5.15, 25.11); sums over both signs of x + k for x < 0.
function polygamma(n, x) {
    if (n === 0) {
        return digamma(x);
    }
    if (x !== x || n < 0 || !(n <= 1000) || n !== Math.floor(n) || x === -Infinity) {
        return NaN;
    }
    if (x === Infinity) {
        return 0;
    }
    let sign = 1;
    if (n === 2*Math.floor(0.5*n)) {
        sign = -1;
    }
    if (x > 0) {
        return sign*scaled_zeta(n, x);
    }
    if (x === Math.floor(x)) {
        if (sign > 0) {
            return Infinity;
        }
        return NaN;
    }
    const m = -Math.floor(x);
    const y = -(x + (m - 1));
    const r = scaled_zeta(n, x + m);
    let s = scaled_zeta(n, y);
    if (s === Infinity && r === Infinity && sign < 0) {
        if (y < x + m) {
            return Infinity;
        }
        if (y > x + m) {
            return -Infinity;
        }
        return -scaled_zeta(n, y + m);
    }
    if (s < Infinity) {
        s = s - scaled_zeta(n, y + m);
    }
    return sign*r + s;
}""",
'sigmoid': """\
// sigmoid(x) = 1/(1 + exp(-x))
function sigmoid(x) {
    return Math.exp(Math.min(x, 0))/(1 + Math.exp(-Math.abs(x)));
}""",
'logsigmoid': """\
// logsigmoid(x) = -log(1 + exp(-x))
function logsigmoid(x) {
    return Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x)));
}""",
'softplus': """\
// softplus(x) = log(1 + exp(x))
function softplus(x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}""",
'relu': """\
// relu(x) = max(x, 0)
function relu(x) {
    return Math.max(x, 0);
}""",
'leaky_relu': """\
// leaky_relu(x, a) = where(x > 0, x, a*x)
function leaky_relu(x, a) {
    return x > 0 ? x : a*x;
}""",
'elu': """\
// elu(x, a) = where(x > 0, x, a*(exp(x) - 1))
function elu(x, a) {
    return x > 0 ? x : a*Math.expm1(x);
}""",
'silu': """\
// silu(x) = x*sigmoid(x)
function silu(x) {
    return x*sigmoid(x);
}""",
'gelu': """\
// gelu(x) = x*(1 + erf(x/sqrt(2)))/2
function gelu(x) {
    return x*(erfc(-x/Math.sqrt(2))/2);
}""",
'mse': """\
// mse(p, t) = (p - t)^2
function mse(p, t) {
    const t1 = p - t;
    return t1*t1;
}""",
'mae': """\
// mae(p, t) = abs(p - t)
function mae(p, t) {
    return Math.abs(p - t);
}""",
'huber': """\
// huber(p, t, d) = where(abs(p - t) <= d, (p - t)^2/2, d*(abs(p - t) - d/2))
function huber(p, t, d) {
    const t1 = p - t;
    const t2 = Math.abs(t1);
    return t2 <= d ? t1*t1/2 : d*(t2 - d/2);
}""",
'cross_entropy': """\
// cross_entropy(p, t) = -(t*log(p) + (1 - t)*log(1 - p))
function cross_entropy(p, t) {
    return (t === 0 ? 0 : -t*Math.log(p)) + (t === 1 ? 0 : (t - 1)*Math.log1p(-p));
}""",
'bce_logits': """\
// bce_logits(z, t) = softplus(z) - t*z
function bce_logits(z, t) {
    return (z > 0 ? z*(1 - t) : -z*t) + Math.log1p(Math.exp(-Math.abs(z)));
}""",
'hinge': """\
// hinge(p, t) = max(0, 1 - t*p)
function hinge(p, t) {
    return Math.max(0, 1 - t*p);
}""",
}
# How many arguments those have that are functions of Math.
MATH: dict[str, int] = {'sqrt': 1, 'cbrt': 1, 'exp': 1, 'expm1': 1, 'log': 1, 'log2': 1, 'log10': 1, 'log1p': 1, 'sin': 1, 'cos': 1, 'tan': 1, 'asin': 1, 'acos': 1, 'atan': 1, 'atan2': 2, 'hypot': 2, 'sinh': 1, 'cosh': 1, 'tanh': 1, 'asinh': 1, 'acosh': 1, 'atanh': 1, 'abs': 1, 'sign': 1, 'floor': 1, 'ceil': 1, 'min': 2, 'max': 2}

"""How the report looks: on a screen, light or dark, and on paper."""

STYLE = """
:root { color-scheme: light dark; --ink: #1e1e1e; --quiet: #5f5f5f; --line: #d8d8d8; --page: #fff;
  --tile: #f2f2f2; --warn: #fff4e0; --edge: #d55e00; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e4e4; --quiet: #a8a8a8; --line: #404040;
  --page: #1f1f1f; --tile: #2b2b2b; --warn: #3a2a14; --edge: #e69f00; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 68rem; padding: 2rem 1.5rem 3rem; background: var(--page);
  color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Arial, sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .3rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.4rem 0 .4rem; overflow-wrap: anywhere; }
p { max-width: 48rem; margin: .4rem 0 .8rem; }
.quiet, figcaption, footer { color: var(--quiet); font-size: .875rem; }
.notice { background: var(--warn); border-left: .3rem solid var(--edge); padding: .6rem 1rem;
  max-width: none; }
.key { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .8rem; margin: 0; }
.key > div { background: var(--tile); border-radius: .3rem; padding: .7rem 1rem; }
.key dt { color: var(--quiet); font-size: .875rem; }
.key dd { margin: 0; font-size: 1.6rem; font-variant-numeric: tabular-nums; }
.table { overflow-x: auto; margin: .4rem 0 1rem; }
table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem 1rem .25rem 0; border-bottom: 1px solid var(--line); text-align: right;
  vertical-align: baseline; }
th { font-weight: 600; }
th:first-child, .facts td { text-align: left; }
.facts th { text-align: left; font-weight: 400; color: var(--quiet); white-space: nowrap; }
.facts td { overflow-wrap: anywhere; }
tbody th { font-weight: 400; }
figure { margin: .8rem 0 1rem; }
figure img, figure svg { max-width: 100%; height: auto; display: block; border-radius: .2rem; }
.hottest { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: 1rem; }
.hottest figure { margin: 0; }
.legend { display: grid; grid-template-columns: auto 16rem auto; gap: .6rem; align-items: center;
  justify-content: start;  font-size: .875rem; margin: .4rem 0; }
.legend div { position: relative; height: .7rem; border-radius: .1rem; }
.legend i { position: absolute; top: -.25rem; bottom: -.25rem; width: 2px; background: var(--ink); }
code { font: .875rem/1.4 ui-monospace, Consolas, monospace; overflow-wrap: anywhere; }
footer { margin-top: 2.5rem; border-top: 1px solid var(--line); }
@media print { :root { color-scheme: light; --ink: #000; --quiet: #444; --line: #ccc; --page: #fff;
  --tile: #f2f2f2; --warn: #fff4e0; --edge: #d55e00; }
  body { max-width: none; padding: 0; font-size: 10pt; } @page { margin: 15mm; }
  .key { grid-template-columns: repeat(6, auto); } .key dd { font-size: 1.2rem; }
  figure img { max-height: 120mm; width: auto; } footer { break-before: avoid; }
  .table { overflow: visible; } h2, h3 { break-after: avoid; } tr, figure, .key { break-inside: avoid; }
  thead { display: table-header-group; } * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
"""

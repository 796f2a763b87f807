"""How the report looks: on a screen, light or dark, and on paper."""

STYLE = """
:root { color-scheme: light dark; --ink: #1d2329; --quiet: #5b6670; --line: #d9dee3; --page: #fff;
  --tile: #f4f6f8; --warn: #fff4e0; --edge: #d55e00; --mark: #e3f0f8; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ec; --quiet: #a3adb6; --line: #3a424a;
  --page: #171b1f; --tile: #21272d; --warn: #3a2a14; --edge: #e69f00; --mark: #1d3646; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 2rem 1.5rem 3rem; background: var(--page);
  color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
h1 { font-size: 1.8rem; line-height: 1.2; margin: 0 0 .4rem; }
h2 { font-size: 1.25rem; margin: 2.4rem 0 .6rem; padding-bottom: .3rem;
  border-bottom: 1px solid var(--line); }
p { max-width: 48rem; margin: .4rem 0 .8rem; }
.about { font-size: 1.05rem; }
.quiet, figcaption, caption, footer { color: var(--quiet); font-size: .875rem; }
.warning { max-width: none; background: var(--warn); border-left: .3rem solid var(--edge);
  padding: .7rem 1rem; margin: .8rem 0; }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr)); gap: .8rem; margin: 0; }
dl > div { background: var(--tile); border-radius: .4rem; padding: .8rem 1rem; }
dt { color: var(--quiet); font-size: .875rem; }
dd { margin: 0; font-size: 1.75rem; font-variant-numeric: tabular-nums; }
dd .interval { display: block; font-size: .875rem; }
.interval { color: var(--quiet); font-size: .93em; white-space: nowrap; }
.table { overflow-x: auto; margin: .4rem 0 1rem; }
table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding-bottom: .3rem; }
th, td { padding: .25rem .8rem .25rem 0; border-bottom: 1px solid var(--line); text-align: right;
  vertical-align: baseline; }
th { font-weight: 600; }
tbody :is(th, td):not(.words) { white-space: nowrap; }
thead th { vertical-align: bottom; border-bottom-width: 2px; line-height: 1.25; }
th:first-child, .words { text-align: left; }
tbody th { font-weight: 400; }
.words { padding-left: .8rem; }
td.words { color: var(--quiet); }
tr.marked th, tr.marked td { background: var(--mark); font-weight: 600; }
.pair { display: flex; flex-wrap: wrap; gap: 0 4rem; }
.pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(26rem, 1fr)); gap: 1rem 1.5rem; }
figure { margin: .8rem 0 1rem; }
figure img { max-width: 100%; height: auto; background: #fff; border-radius: .4rem;
  display: block; }
figcaption { max-width: 48rem; margin-top: .3rem; }
footer { margin-top: 3rem; border-top: 1px solid var(--line); }
@media (max-width: 32rem) { .pictures { grid-template-columns: 1fr; } }
@media print { :root { color-scheme: light; --ink: #000; --quiet: #444; --line: #ccc; --page: #fff;
  --tile: #f4f6f8; --warn: #fff4e0; --edge: #d55e00; --mark: #e3f0f8; }
  body { max-width: none; padding: 0; font-size: 10pt; } @page { margin: 15mm; }
  .table { overflow: visible; } table { font-size: 8pt; } h2 { break-after: avoid; }
  tr, figure, .warning, dl { break-inside: avoid; } thead { display: table-header-group; }
  .pictures { grid-template-columns: 1fr 1fr; } .warning, tr.marked * { print-color-adjust: exact; } }
"""

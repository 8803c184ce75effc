// What GraphiQL 5 and Monaco say, by file, and the Chinese for it.
export const LITERALS = {
  'graphiql/dist/GraphiQL.js': {
    'New tab': '新建标签页',
    'Editor Commands': '编辑器命令',
    'Operation Editor': '操作编辑器',
    Variables: '变量',
    Headers: '请求头',
    'Select active operation': '选择当前操作',
  },
  'graphiql/dist/ui/sidebar.js': {
    'Open short keys dialog': '快捷键',
    'Open settings dialog': '设置',
    'Short Keys': '快捷键',
    'This modal provides a list of available keyboard shortcuts and their functions.': '可用的键盘快捷键及其作用。',
    Settings: '设置',
    'This modal lets you adjust header persistence, interface theme, and clear local storage.': '调整界面主题，清除本机数据。',
    'Persist headers': '保存请求头',
    'Save headers upon reloading.': '重新加载后保留请求头。',
    'Only enable if you trust this device.': '仅在信任此设备时启用。',
    On: '开',
    Off: '关',
    Theme: '主题',
    'Adjust how the interface appears.': '调整界面外观。',
    System: '跟随系统',
    Light: '浅色',
    Dark: '深色',
    'Clear storage': '清除本机数据',
    'Remove all locally stored data and start fresh.': '删除本机保存的查询、标签页与历史，重新开始。',
    'Cleared data': '已清除',
    Failed: '未能清除',
    'Clear data': '清除',
  },
  'graphiql/dist/ui/short-keys.js': {
    'Short Key': '按键',
    Function: '作用',
    'Execute query': '运行',
    'Open the Command Palette (you must have focus in the editor)': '打开命令面板（光标须在编辑器内）',
    'Prettify editors': '整理格式',
    'Copy query': '复制查询',
    'Re-fetch schema using introspection': '重新读取接口定义',
    'Search in documentation': '在文档中查找',
    'Search in editor': '在编辑器中查找',
    'Merge fragments definitions into operation definition': '把片段并入操作',
  },
  '@graphiql/react/dist/components/response-editor.js': { 'Result Window': '结果' },
  '@graphiql/react/dist/components/dialog/index.js': { 'Close dialog': '关闭' },
  '@graphiql/react/dist/components/tabs/index.js': { 'Close Tab': '关闭标签页' },
  '@graphiql/react/dist/stores/execution.js': { 'Automatically added leaf fields': '自动补上的字段' },
  '@graphiql/react/dist/utility/jsonc.js': {
    'invalid symbol': '有无效的符号',
    'invalid number format': '的数字格式无效',
    'expected a property name': '应为属性名',
    'expected a value': '应为值',
    'expected a colon': '应为冒号',
    'expected a comma': '应为逗号',
    'expected a closing brace': '应为右花括号',
    'expected a closing bracket': '应为右方括号',
    'expected end of file': '应已结束',
    'unexpected end of comment': '的注释没有结束',
    'unexpected end of string': '的字符串没有结束',
    'unexpected end of number': '的数字没有结束',
    'invalid character': '有无效的字符',
    'are not a JSON object.': '不是 JSON 对象。',
  },
  '@graphiql/react/dist/constants.js': {
    'Prettify Editors': '整理格式',
    'Merge Fragments into Query': '把片段并入查询',
    'Run Operation': '运行',
    'Copy Query': '复制查询',
  },
  '@graphiql/plugin-doc-explorer/dist/components/doc-explorer.js': {
    'Error fetching schema': '未能读取接口定义',
    'No GraphQL schema available': '尚无接口定义',
    'Documentation Explorer': '接口文档',
  },
  '@graphiql/plugin-doc-explorer/dist/components/schema-documentation.js': {
    'A GraphQL schema provides a root type for each kind of operation.': '按操作种类列出可用的查询与变更。',
  },
  '@graphiql/plugin-doc-explorer/dist/components/search.js': {
    'No results found': '没有找到',
    'Other results': '其他结果',
  },
  '@graphiql/plugin-doc-explorer/dist/components/field-documentation.js': {
    'Show Deprecated Arguments': '显示已弃用的参数',
  },
  '@graphiql/plugin-doc-explorer/dist/components/type-documentation.js': {
    'Show Deprecated Fields': '显示已弃用的字段',
    'Show Deprecated Values': '显示已弃用的值',
  },
  '@graphiql/plugin-doc-explorer/dist/components/argument.js': { Deprecated: '已弃用' },
  '@graphiql/plugin-doc-explorer/dist/components/deprecation-reason.js': { Deprecated: '已弃用' },
  '@graphiql/plugin-doc-explorer/dist/context.js': {
    'Documentation Explorer': '接口文档',
    Docs: '文档',
  },
  '@graphiql/plugin-history/dist/index.js': { History: '历史' },
  '@graphiql/plugin-history/dist/components.js': {
    History: '历史',
    Cleared: '已清除',
    'Failed to Clear': '未能清除',
    Clear: '清除',
    'Type a label': '输入名称',
    Save: '保存',
    'Set active': '打开',
    'Edit label': '改名',
    'Remove favorite': '取消收藏',
    'Add favorite': '收藏',
    'Delete from history': '从历史中删除',
  },
}

const say = (english, chinese) => `(globalThis.cityspaceChinese?\`${chinese}\`:\`${english}\`)`
const SECTIONS = {
  Arguments: '参数',
  'Deprecated Arguments': '已弃用的参数',
  'Deprecated Enum Values': '已弃用的枚举值',
  'Deprecated Fields': '已弃用的字段',
  Directives: '指令',
  'Enum Values': '枚举值',
  Fields: '字段',
  Implements: '实现的接口',
  Implementations: '实现它的类型',
  'Possible Types': '可能的类型',
  'Root Types': '根类型',
  Type: '类型',
  'All Schema Types': '全部类型',
}

// Pieces of source that are not plain literals.
export const SOURCES = [
  {
    file: 'graphiql/dist/GraphiQL.js',
    from: '`${editorToolsHiddenElement === "second" ? "Show" : "Hide"} editor tools`',
    to: '(globalThis.cityspaceChinese?(editorToolsHiddenElement==="second"?"显示变量与请求头":"隐藏变量与请求头"):`${editorToolsHiddenElement==="second"?"Show":"Hide"} editor tools`)',
  },
  {
    // A tab of a saved query carries the query's title in the reader's language.
    file: 'graphiql/dist/GraphiQL.js',
    from: 'title: tab.title, onClick: handleTabClick, children: tab.title',
    to: 'title: globalThis.cityspaceTabTitle(tab.title), onClick: handleTabClick, children: globalThis.cityspaceTabTitle(tab.title)',
  },
  {
    // The panes beside the editor start at a fifth of the width.
    file: 'graphiql/dist/GraphiQL.js',
    from: 'defaultSizeRelation: 0.3333333333333333',
    to: 'defaultSizeRelation: 0.27',
  },
  {
    file: 'graphiql/dist/ui/sidebar.js',
    from: '`Re-fetch GraphQL schema (${KEY_MAP.refetchSchema.key})`',
    to: say('Re-fetch GraphQL schema (${KEY_MAP.refetchSchema.key})', '重新读取接口定义（${KEY_MAP.refetchSchema.key}）'),
  },
  {
    file: 'graphiql/dist/ui/sidebar.js',
    from: '`${isVisible_0 ? "Hide" : "Show"} ${plugin_0.title}`',
    to: '(globalThis.cityspaceChinese?`${isVisible_0?"隐藏":"显示"}${plugin_0.title}`:`${isVisible_0?"Hide":"Show"} ${plugin_0.title}`)',
  },
  {
    file: '@graphiql/plugin-doc-explorer/dist/context.js',
    from: '\'.graphiql-sidebar button[aria-label="Show Documentation Explorer"]\'',
    to: '`.graphiql-sidebar button[aria-label="${globalThis.cityspaceChinese?"显示接口文档":"Show Documentation Explorer"}"]`',
  },
  ...['Prettify query|prettify|整理格式', 'Merge fragments into query|mergeFragments|把片段并入查询', 'Copy query|copyQuery|复制查询']
    .map(line => line.split('|'))
    .map(([english, key, zh]) => ({
      file: 'graphiql/dist/ui/toolbar.js',
      from: `\`${english} (\${KEY_MAP.${key}.key})\``,
      to: say(`${english} (\${KEY_MAP.${key}.key})`, `${zh}（\${KEY_MAP.${key}.key}）`),
    })),
  {
    file: 'graphiql/dist/ui/short-keys.js',
    from: '"This Graph",\n        t1,\n        "QL editor uses",\n        " ",\n        t2,\n        ", with keybindings similar to VS Code. See the full list of shortcuts for",\n        " ",\n        t3,\n        " ",\n        "or",\n        " ",\n        /* @__PURE__ */ jsx("a", { href: "https://code.visualstudio.com/shortcuts/keyboard-shortcuts-windows.pdf", target: "_blank", rel: "noreferrer", children: "Windows" }),\n        "."',
    to: say('In the editor the keys of VS Code work as well.', '编辑器中也可使用 VS Code 的按键。'),
  },
  {
    file: '@graphiql/react/dist/components/execute-button/index.js',
    from: '`${isRunning ? "Stop" : "Execute"} query (${formatShortcutForOS(KEY_MAP.runQuery.key, "Cmd")})`',
    to: '(globalThis.cityspaceChinese?`${isRunning?"停止":"运行"}（${formatShortcutForOS(KEY_MAP.runQuery.key,"Cmd")}）`:`${isRunning?"Stop":"Run"} (${formatShortcutForOS(KEY_MAP.runQuery.key,"Cmd")})`)',
  },
  {
    file: '@graphiql/react/dist/components/execute-button/index.js',
    from: '`<Unnamed ${operation.operation}>`',
    to: say('<Unnamed ${operation.operation}>', '<未命名>'),
  },
  {
    file: '@graphiql/react/dist/stores/execution.js',
    from: '`Request not sent. ${editor === variableEditor ? "Variables" : "Request headers"} ${error.message}`',
    to: '(globalThis.cityspaceChinese?`请求没有发出：${editor===variableEditor?"变量":"请求头"} ${error.message}`:`Request not sent. ${editor===variableEditor?"Variables":"Request headers"} ${error.message}`)',
  },
  {
    // Brackets in one quiet colour each theme, not in three loud ones.
    file: '@graphiql/react/dist/constants.js',
    from: '"editor.background": colors.transparent,',
    to: '"editor.background": colors.transparent, ...Object.fromEntries([1, 2, 3].map(each => [`editorBracketHighlight.foreground${each}`, theme === "dark" ? "#9fb0c6" : "#5b6b80"])),',
  },
  {
    // The keys that GraphiQL shows: on Windows and Linux it would listen to the Windows key instead.
    file: '@graphiql/react/dist/constants.js',
    from: 'KeyMod.Shift | KeyMod.WinCtrl',
    to: 'KeyMod.Shift | (isMacOs ? KeyMod.WinCtrl : KeyMod.CtrlCmd)',
  },
  {
    // A Chinese reader's system has no Fira Code, and its fallback would be proportional.
    file: '@graphiql/react/dist/utility/create-editor.js',
    from: 'fontFamily: "\\"Fira Code\\""',
    to: 'fontFamily: getComputedStyle(document.body).getPropertyValue("--mono")',
  },
  {
    file: '@graphiql/react/dist/utility/create-editor.js',
    from: 'fontSize: 15',
    to: 'fontSize: 13.5, lineHeight: 21, wordWrap: "on"',
  },
  {
    file: '@graphiql/react/dist/utility/tabs.js',
    from: '"<untitled>"',
    to: say('Untitled', '未命名'),
  },
  {
    file: '@graphiql/react/dist/utility/jsonc.js',
    from: '`are invalid JSON: ${error instanceof Error ? error.message : error}.`',
    to: say('are invalid JSON: ${error instanceof Error ? error.message : error}.', '不是有效的 JSON：${error instanceof Error ? error.message : error}。'),
  },
  {
    file: '@graphiql/react/dist/utility/jsonc.js',
    from: '`${PARSE_ERROR_MESSAGES[code] ?? code} at line ${line}, column ${column}`',
    to: '(globalThis.cityspaceChinese?`第 ${line} 行第 ${column} 列${PARSE_ERROR_MESSAGES[code]??code}`:`${PARSE_ERROR_MESSAGES[code]??code} at line ${line}, column ${column}`)',
  },
  {
    // Variables are laid out by the parser that reads them: prettier's for JSON is half a megabyte.
    file: '@graphiql/react/dist/utility/jsonc.js',
    from: 'import { parse, printParseErrorCode } from "jsonc-parser";',
    to: 'import { applyEdits, format, parse, printParseErrorCode } from "jsonc-parser";',
  },
  {
    file: '@graphiql/react/dist/utility/jsonc.js',
    from: `const [prettier, { printers }, { parsers }] = await Promise.all([
\t\timport("prettier/standalone"),
\t\timport("prettier/plugins/estree"),
\t\timport("prettier/parser-babel")
\t]);
\treturn prettier.format(content, {
\t\tparser: "jsonc",
\t\tplugins: [{ printers }, { parsers }],
\t\tprintWidth: 0
\t});`,
    to: 'return applyEdits(content, format(content, undefined, { tabSize: 2, insertSpaces: true }));',
  },
  {
    file: '@graphiql/plugin-doc-explorer/dist/components/doc-explorer.js',
    from: '`Go back to ${prevName}`',
    to: say('Go back to ${prevName}', '返回 ${prevName}'),
  },
  {
    file: '@graphiql/plugin-doc-explorer/dist/components/search.js',
    from: '`Search ${navItem.name}...`',
    to: say('Search ${navItem.name}…', '在 ${navItem.name} 中查找…'),
  },
  {
    // Titles of sections also choose their icons, so they are translated where they are shown.
    file: '@graphiql/plugin-doc-explorer/dist/components/section.js',
    from: 't1,\n      title\n    ]',
    to: `t1,\n      globalThis.cityspaceChinese ? ${JSON.stringify(SECTIONS)}[title] ?? title : title\n    ]`,
  },
]

// The editor's own accent colours follow the page's instead of GraphiQL's pink.
export const COLOURS = [
  ['"#ff5794"', '"#7db3f5"'], ['"#d60590"', '"#1a5fb4"'],
  ['"#ff579419"', '"#7db3f522"'], ['"#d6059019"', '"#1a5fb41c"'],
  ['"#212a3b"', '"#171d27"'],
].map(([from, to]) => ({ file: '@graphiql/react/dist/constants.js', from, to }))

// Monaco's menu, find box and messages, as far as a reader of this page meets them.
export const EDITOR = {
  Cut: '剪切',
  Copy: '复制',
  Paste: '粘贴',
  Undo: '撤销',
  Redo: '恢复',
  'Select All': '全选',
  'Command Palette': '命令面板',
  'Change All Occurrences': '更改所有匹配项',
  'Go to Definition': '转到定义',
  'Go to References': '查看文档',
  Peek: '速览',
  'Peek Definition': '速览定义',
  'Peek References': '速览引用',
  Find: '查找',
  Replace: '替换',
  'Find / Replace': '查找与替换',
  'Match Case': '区分大小写',
  'Match Whole Word': '全字匹配',
  'Use Regular Expression': '使用正则表达式',
  'Preserve Case': '保留大小写',
  'Previous Match': '上一个',
  'Next Match': '下一个',
  'Find in Selection': '在选中内容中查找',
  'Toggle Replace': '切换替换',
  'Replace All': '全部替换',
  Close: '关闭',
  'No results': '没有结果',
  '{0} of {1}': '第 {0} 个，共 {1} 个',
  'No suggestions.': '没有建议。',
  'Loading...': '正在加载……',
  'Editor content': '编辑器内容',
  'View Problem': '查看问题',
  'No quick fixes available': '没有可用的快速修复',
  'Quick Fix...': '快速修复……',
}

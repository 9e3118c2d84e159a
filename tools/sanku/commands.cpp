// The table of commands: what each is called, does and takes. Its help is in help.cpp.
#include "tools/sanku/command.h"

#include <CLI/CLI.hpp>

#include <array>

namespace sanku::command {
namespace {

void add_paths(CLI::App& app, Arguments& arguments) { app.add_option("PATH", arguments.paths); }

// What pack files are verified against, and what overlays lie on.
void add_trust(CLI::App& app, Arguments& arguments) {
  app.add_option("--trust", arguments.trust);
  app.add_option("--base", arguments.bases)->allow_extra_args(false);
}

// How the pack is read.
void add_reading(CLI::App& app, Arguments& arguments) {
  add_trust(app, arguments);
  app.add_option("--overlay", arguments.overlays)->allow_extra_args(false);
  app.add_option("--region", arguments.region);
  app.add_option("--as-of", arguments.as_of);
  app.add_option("--as-known", arguments.as_known);
}

// How far the solver looks.
void add_search(CLI::App& app, Arguments& arguments) {
  app.add_option("--lines", arguments.lines)->check(CLI::Range(1, 8));
  app.add_option("--visits", arguments.visits)->check(CLI::Range(1, 4));
  app.add_option("--seconds", arguments.seconds)->check(CLI::Range(0.001, 1000.0));
}

void add_test(CLI::App& app, Arguments& arguments) {
  add_paths(app, arguments);
  add_reading(app, arguments);
  app.add_flag("--coverage", arguments.coverage);
  app.add_flag("--mutate", arguments.mutate);
  app.add_option("--sample", arguments.sample);
  app.add_option("--seed", arguments.seed);
  app.add_option("--report", arguments.reports)->allow_extra_args(false);
  app.add_option("--at-least", arguments.at_least)->allow_extra_args(false);
  app.add_option("--generate", arguments.generate)->expected(0, 1)->default_str("all");
  add_search(app, arguments);
}

void add_effective(CLI::App& app, Arguments& arguments) {
  add_paths(app, arguments);
  add_trust(app, arguments);
  app.add_option("--overlay", arguments.overlays)->allow_extra_args(false);
  app.add_option("--region", arguments.region);
  app.add_option("--date", arguments.date);
  app.add_option("--as-known", arguments.as_known);
  app.add_option("--rows", arguments.rows);
  app.add_option("--format", arguments.format);
}

void add_knowledge(CLI::App& app, Arguments& arguments) {
  add_paths(app, arguments);
  add_trust(app, arguments);
  app.add_option("--overlay", arguments.overlays)->allow_extra_args(false);
  app.add_option("--as-known", arguments.as_known);
  app.add_option("--rows", arguments.rows);
  app.add_option("--format", arguments.format);
}

void add_check(CLI::App& app, Arguments& arguments) {
  add_paths(app, arguments);
  add_reading(app, arguments);
  app.add_option("--format", arguments.format);
  app.add_flag("--fix", arguments.fix);
  app.add_flag("--plan", arguments.plan);
  app.add_flag("--prove", arguments.prove);
  app.add_option("--against", arguments.against);
  app.add_option("--rule", arguments.rule);
  app.add_flag("--strict", arguments.strict);
  add_search(app, arguments);
}

void add_fmt(CLI::App& app, Arguments& arguments) {
  add_paths(app, arguments);
  app.add_option("--to", arguments.to);
  app.add_flag("--check", arguments.only_check);
  app.add_flag("--stdin", arguments.from_stdin);
}

void add_input(CLI::App& app, Arguments& arguments) {
  app.add_option("--in", arguments.in);
  app.add_option("--in-format", arguments.in_format);
  app.add_option("--encoding", arguments.encoding);
}

void add_pack(CLI::App& app, Arguments& arguments) {
  app.add_option("ACTION", arguments.what);
  add_paths(app, arguments);
  add_trust(app, arguments);
  app.add_option("--out,-o", arguments.out);
  app.add_option("--key", arguments.keys)->allow_extra_args(false);
  app.add_option("--role", arguments.role);
  app.add_option("--time", arguments.time);
  app.add_option("--algorithm", arguments.algorithm);
  app.add_flag("--prove", arguments.prove);
  app.add_option("--store", arguments.store);
  app.add_option("--store-key", arguments.store_key);
  app.add_option("--layer", arguments.layer);
  app.add_option("--to", arguments.to);
  app.add_option("--export", arguments.export_to);
}

// How claims are judged.
void add_running(CLI::App& app, Arguments& arguments) {
  app.add_option("--threads", arguments.threads);
  app.add_option("--batch", arguments.batch);
  app.add_option("--memory", arguments.memory);
  app.add_option("--engine", arguments.engine);
  app.add_option("--level", arguments.level);
  app.add_option("--cpu", arguments.cpu);
  app.add_flag("--no-cache", arguments.no_cache);
  app.add_flag("--no-index", arguments.no_index);
  app.add_flag("--strict", arguments.strict);
  app.add_flag("--identities", arguments.identities);
}

void add_run(CLI::App& app, Arguments& arguments) {
  app.add_option("--pack", arguments.pack);
  add_reading(app, arguments);
  add_input(app, arguments);
  app.add_option("--known-since", arguments.known_since);
  app.add_option("--known-until", arguments.known_until);
  app.add_option("--history", arguments.history);
  app.add_option("--answers", arguments.answers);
  app.add_option("--out", arguments.out);
  app.add_option("--rejects", arguments.rejects);
  app.add_option("--format", arguments.format);
  app.add_flag("--bom", arguments.bom);
  app.add_flag("--stats", arguments.stats);
  app.add_flag("--places", arguments.places);
  add_running(app, arguments);
}

void add_impact(CLI::App& app, Arguments& arguments) {
  add_paths(app, arguments);
  add_reading(app, arguments);
  app.add_option("--old-overlay", arguments.old_overlays)->allow_extra_args(false);
  app.add_option("--new-overlay", arguments.new_overlays)->allow_extra_args(false);
  add_input(app, arguments);
  app.add_option("--known-since", arguments.known_since);
  app.add_option("--known-until", arguments.known_until);
  app.add_option("--format", arguments.format);
  app.add_option("--html", arguments.html);
  app.add_option("--out", arguments.out);
  app.add_option("--rejects", arguments.rejects);
  add_running(app, arguments);
}

void add_outcomes(CLI::App& app, Arguments& arguments) {
  add_trust(app, arguments);
  app.add_option("--pack", arguments.pack);
  app.add_option("--findings", arguments.findings)->allow_extra_args(false);
  app.add_option("--verdicts", arguments.verdicts)->allow_extra_args(false);
  app.add_option("--ledger", arguments.ledger);
  app.add_option("--policy", arguments.policy);
  app.add_option("--rejects", arguments.rejects);
  app.add_option("--format", arguments.format);
}

void add_convert(CLI::App& app, Arguments& arguments) {
  add_trust(app, arguments);
  add_input(app, arguments);
  app.add_option("--out", arguments.out);
  app.add_option("--out-format", arguments.out_format);
  app.add_option("--pack", arguments.pack);
  app.add_option("--rejects", arguments.rejects);
  app.add_option("--threads", arguments.threads);
  app.add_flag("--strict", arguments.strict);
}

void add_explain(CLI::App& app, Arguments& arguments) {
  app.add_option("--pack", arguments.pack);
  add_reading(app, arguments);
  add_input(app, arguments);
  app.add_option("--known-since", arguments.known_since);
  app.add_option("--known-until", arguments.known_until);
  app.add_option("--answers", arguments.answers);
  app.add_option("--history", arguments.history);
  app.add_flag("--groups", arguments.groups);
  app.add_option("--settlement", arguments.settlement);
  app.add_option("--rule", arguments.rule);
  app.add_flag("--identities", arguments.identities);
}

void add_dump(CLI::App& app, Arguments& arguments) {
  app.add_option("WHAT", arguments.what);
  add_paths(app, arguments);
  add_trust(app, arguments);
  app.add_option("--rule", arguments.rule);
  app.add_option("--level", arguments.level);
}

void add_generate(CLI::App& app, Arguments& arguments) {
  app.add_option("--settlements", arguments.settlements);
  app.add_option("--seed", arguments.seed);
  app.add_option("--violations", arguments.violations);
  app.add_option("--out", arguments.out);
  app.add_option("--form", arguments.form);
  app.add_option("--manifest", arguments.manifest);
  app.add_option("--pack", arguments.pack);
  app.add_flag("--full", arguments.full);
}

void add_doc(CLI::App& app, Arguments& arguments) {
  add_paths(app, arguments);
  add_trust(app, arguments);
  app.add_option("--overlay", arguments.overlays)->allow_extra_args(false);
  app.add_option("--as-known", arguments.as_known);
  app.add_option("--out,-o", arguments.out);
}

void add_explain_code(CLI::App& app, Arguments& arguments) {
  app.add_option("CODE", arguments.code);
}

constexpr std::array<Command, 15> table = {{
    {"check", "检查规则中的错误", "find the mistakes in rules", add_check, check},
    {"fmt", "按统一版式整理规则文件，或换成另一种语言的写法",
     "lay rule files out, or change their spelling", add_fmt, format},
    {"test", "运行规则旁边的测试", "run the tests beside the rules", add_test, test},
    {"run", "用规则包审核结算单，输出疑点", "run a pack on claims and write the findings", add_run,
     run},
    {"convert", "把结算单换成另一种格式：NDJSON、CSV、Parquet、块文件",
     "put claims into another form: NDJSON, CSV, Parquet, a block file", add_convert, convert},
    {"explain", "解释一张结算单：每条规则为何命中、为何未命中",
     "explain one settlement: why each rule spoke, or did not", add_explain, explain},
    {"effective", "列出某地区某日的规则、参数和知识各来自哪一层",
     "show the composed pack of a region on a day, and which layer each part is from",
     add_effective, effective},
    {"knowledge", "列出知识表的历次发布和仍有效的行",
     "show the publications of tables, and which rows still count", add_knowledge, knowledge},
    {"doc", "生成规则手册：每条规则一页，可按编码和名称查找",
     "write a handbook: a page for each rule, to be searched by code and name", add_doc, doc},
    {"generate", "生成虚构的结算单", "make invented settlements", add_generate, generate},
    {"pack", "规则包文件：生成、签名、验证、安装、退回",
     "packs as files: build, sign, verify, install, roll back", add_pack, pack},
    {"impact", "启用之前：换成新规则包，疑点会有什么变化",
     "what changes for claims when a pack is replaced", add_impact, impact},
    {"outcomes", "复核结论的台账：各规则的准确率，哪些规则应降级",
     "what reviews made of findings: precision, and rules to demote", add_outcomes, outcomes},
    {"dump", "查看编译的中间结果", "show what the compiler made of rules", add_dump, dump},
    {"explain-code", "解释一个错误代码", "explain the code of a message", add_explain_code,
     explain_code},
}};

} // namespace

std::span<const Command> commands() { return table; }

} // namespace sanku::command

// The index (index_page.h).
#include "tools/handbook/index_page.h"

#include "compiler/ast/choices.h"
#include "runtime/io/json_text.h"
#include "tools/engine/describe.h"
#include "tools/handbook/search.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::handbook {
namespace {

using html::escaped;

// Also safe inside of a script: no `<` is left.
std::string in_quotes(std::string_view text) {
  std::string quoted, out;
  io::append_json_string(quoted, text);
  for (const char c : quoted)
    out += c == '<' ? std::string("\\u003c") : std::string(1, c);
  return out;
}

std::string search_box(const Book& book) {
  return fmt::format(
      "<p><input type=\"search\" id=\"q\" autocomplete=\"off\" autofocus "
      "placeholder=\"{}\" aria-label=\"{}\"></p>\n<p class=\"note\">{}</p>\n"
      "<div id=\"found\"></div>\n",
      book.pick("规则、药品、项目、诊断的编码或名称",
                "a rule; a drug, service or diagnosis by code or name"),
      book.pick("查找", "search"),
      book.pick("查一个编码或名称，可知哪些规则与它有关，各行怎么说。",
                "A code or a name tells which rules concern it, and what their rows say."));
}

std::string family_table(const Book& book, const Family& family) {
  std::string out = fmt::format("<h3>{} <span class=\"count\">{}</span></h3>\n<div class=\"wide\">"
                                "<table class=\"family\"><tbody>\n",
                                escaped(family.name), family.rules.size());
  for (const std::size_t each : family.rules) {
    const hir::Rule& rule = book.program.rules[each];
    const Summary summary = summary_of(book, each);
    out += fmt::format("<tr id=\"r{}\"><td>{}</td><td>{}</td><td>{}</td><td class=\"quiet\">{}</td>"
                       "</tr>\n",
                       each, link("rules/" + book.page_names[each], rule.id),
                       escaped(engine::title_of(rule, book.language)),
                       escaped(book.zh() ? summary.zh : summary.en),
                       escaped(severities_of(book, rule)));
  }
  return out + "</tbody></table></div>\n";
}

std::string families(const Book& book) {
  const auto all = families_of(book);
  std::string out = "<p class=\"tags by-family\">";
  for (std::size_t i = 0; i < all.size(); ++i)
    out += fmt::format("<a href=\"#f{}\">{}</a> <span class=\"count\">{}</span> &nbsp; ", i,
                       escaped(all[i].first.name), all[i].first.rules.size());
  out += "</p>\n<div class=\"by-family\">\n";
  for (std::size_t i = 0; i < all.size(); ++i) {
    out += fmt::format("<h2 id=\"f{}\">{} <span class=\"count\">{}</span></h2>\n", i,
                       escaped(all[i].first.name), all[i].first.rules.size());
    for (const Family& each : all[i].second)
      out += family_table(book, each);
  }
  return out + "</div>\n";
}

// What the search knows from the beginning; the codes it loads when it is asked.
std::string data(const Book& book, const Codes& codes, const std::vector<Shard>& shards) {
  std::string out = "const rules=[\n";
  for (std::size_t i = 0; i < book.program.rules.size(); ++i) {
    const hir::Rule& rule = book.program.rules[i];
    out += fmt::format(
        "[{},{},{},{},{}],\n", in_quotes(rule.id), in_quotes(engine::title_of(rule, book.language)),
        in_quotes(severities_of(book, rule)), in_quotes("rules/" + book.page_names[i]),
        in_quotes(book.zh() ? rule.title_en : rule.title_zh));
  }
  out += "];\nconst places=[\n";
  for (const Place& each : codes.places)
    out += fmt::format("[{},[{}]],\n", in_quotes(each.name), fmt::join(each.rules, ","));
  out += "];\nconst shards=[\n";
  for (const Shard& each : shards)
    out += fmt::format("[{},{},{}],\n", in_quotes(each.prefix), each.ranges ? 1 : 0,
                       in_quotes(each.file));
  out += "];\nconst systems=[\n";
  for (const schema::CodeSystem& each : book.program.schema.systems)
    out += fmt::format("[{},{}],\n", in_quotes(book.of(each.names)), in_quotes(each.form));
  return out + fmt::format("];\nconst zh={};\n", book.zh() ? "true" : "false");
}

} // namespace

std::string index_page(const Book& book, const Codes& codes, const std::vector<Shard>& shards) {
  const auto singles = static_cast<std::size_t>(
      std::ranges::count_if(codes.codes, [](const CodeEntry& each) { return each.high.empty(); }));
  std::uint64_t rows = 0;
  for (const knowledge::Table& each : book.rules.checked->tables)
    rows += each.rows.size();
  return html::page(
      {.language = book.language,
       .title = fmt::format("{} {}", engine::label(book.rules), book.pick("规则手册", "handbook")),
       .subtitle =
           std::string(book.pick("每条规则一页：看什么、依据什么、怎么判断、机构应核对什么。",
                                 "A page for each rule: what it looks for, the law behind it, how "
                                 "it decides, what an institution should check.")),
       .facts = {{std::string(book.pick("规则", "rules")),
                  engine::count_text(book.program.rules.size()), ""},
                 {std::string(book.pick("知识表", "tables")),
                  engine::count_text(book.program.tables.size()),
                  fmt::format(fmt::runtime(book.pick("共 {} 行", "{} rows")),
                              engine::count_text(rows))},
                 {std::string(book.pick("可查的编码", "codes")), engine::count_text(singles), ""},
                 {std::string(book.pick("测试", "tests")),
                  engine::count_text(book.program.tests.size()), ""}},
       .body = search_box(book) + families(book),
       .style = std::string(style),
       .nav = nav(book, {.up = "", .here = "index.html", .crumbs = {}}),
       .script = data(book, codes, shards) + std::string(search_script)});
}

} // namespace sanku::handbook

// Which forms there are (coverage_words.h): alternatives of variants by index, enumerators by name,
// and features that are no alternative of their own.
#include "runtime/types/match.h"
#include "tests/differential/coverage.h"
#include "tests/differential/coverage_words.h"

namespace sanku::differential {
namespace {

template <class E> void expect_enum(const char* what, std::set<std::string>& all) {
  for (int i = 0; i < 64 && !word(static_cast<E>(i)).empty(); ++i)
    all.insert(name_of(what, static_cast<E>(i)));
}
template <class V> void expect_variant(const char* what, std::set<std::string>& all) {
  for (std::size_t i = 0; i < std::variant_size_v<V>; ++i)
    all.insert(fmt::format("{} form {}", what, i));
}
// Features that are no alternative of their own.
constexpr const char* features[] = {
    "subject relation 1",
    "subject relation 2",
    "subject relation 3",
    "several group keys",
    "group key code",
    "group key enum",
    "group key date",
    "group key int",
    "group key bool",
    "several branches",
    "branch without when",
    "when unknown",
    "exemption",
    "unless",
    "several matches",
    "match with where",
    "match over rows",
    "match over list",
    "let value",
    "guard of an index",
    "involving",
    "lines with a name",
    "amount of parts",
    "hole",
    "hole as percent",
    "query with several binders",
    "elements of a list by a value",
    "elements of a group by a value",
    "binder over parts",
    "beyond over a group",
    "fold within a fold",
    "fold over rows",
    "key of kind code",
    "key of kind enum",
    "key of kind text",
    "key of kind int",
    "table with repeated keys",
    "table column missing",
    "rule title in two languages",
    "source named",
    "chain of comparisons",
    "unnamed binder",
    "let list",
    "table with a set",
    "table with a range",
    "dated table",
    "table that overlays change",
    "prefixes that overlays change",
    "dated table that overlays change",
    "published table",
    "row that was replaced",
    "rule of an overlay",
    "severity of an overlay",
    "rule that an overlay disables",
    "let row",
    "even self_paid",
    "mandatory",
    "region insured",
    "trial",
    "self-paid own line",
    "self-paid lines of a list",
    "self-paid parts of lines",
    "self-paid with a match",
    "entering",
    "guard of an index by a prefix",
    "guard of an index by a set",
    "guard of an index by a text",
    "guard of an index by values",
    "guard of an index by visit",
    "guard of an index by what is known",
    "list ranked descending",
    "list ranked ascending",
    "end of a ranked list",
    "end of parts",
    "beyond in a ranked list",
    "key prefix longest",
    "key prefix all",
    "fold over what is collected",
    "member of what is collected",
    "decision of a file",
    "indicator with a value",
    "groups across visits",
    "peers 0",
    "peers 1",
    "peers 2",
    "peers 3",
    "history",
    "timeline",
    "later",
    "list of another visit",
    "answer yes",
    "answer no",
    "contradictory answers",
};

} // namespace

std::set<std::string> everything() {
  std::set<std::string> all(std::begin(features), std::end(features));
  expect_enum<ast::Unit>("unit", all);
  expect_enum<ast::WindowWord>("window", all);
  expect_enum<ast::UnaryOp>("unary", all);
  expect_enum<ast::BinaryOp>("binary", all);
  expect_enum<ast::CompareOp>("compare", all);
  expect_enum<ast::FoldKind>("fold", all);
  expect_enum<ast::Severity>("severity", all);
  expect_enum<hir::SubjectKind>("subject", all);
  expect_variant<decltype(ast::Expr::form)>("ast", all);
  expect_variant<ast::Clause>("clause", all);
  expect_variant<decltype(hir::Expr::form)>("expr", all);
  expect_variant<decltype(hir::Binding::source)>("source", all);
  expect_variant<decltype(hir::Query::beyond)>("beyond", all);
  expect_variant<hir::Guard>("guard", all);
  expect_variant<hir::Lines>("lines", all);
  expect_variant<hir::Amount>("amount", all);
  expect_variant<hir::MessagePart>("message", all);
  // Every type but those that are computed can be a column.
  for (const KindInfo& kind : kind_table)
    if (kind.en != "age" && kind.en != "count" && kind.en != "score" && kind.en != "reasons")
      all.insert(fmt::format("column of kind {}", kind.en));
  for (const builtins::Builtin& row : builtins::rows())
    all.insert(row_name(row));
  return all;
}

} // namespace sanku::differential

// See told.h.
#include "tools/measure/told.h"

#include "compiler/hir/walk.h"

namespace sanku::measure {
namespace {

struct Asked {
  const hir::Rule& rule;
  std::set<std::uint32_t> lets = {};

  template <class Node> void by(const Node& node) {
    hir::for_each_part(node, [this](const hir::Expr& part) {
      const auto* let = std::get_if<hir::LetOf>(&part.form);
      if (let != nullptr && lets.insert(let->let).second)
        by(rule.lets[let->let].value);
    });
  }

  void by_report(const hir::Report& report) {
    if (report.stands)
      by(*report.stands);
    if (const auto* lines = std::get_if<hir::QueryPtr>(&report.on))
      by(**lines);
    if (const auto* amount = std::get_if<hir::AmountExpr>(&report.amount))
      by(amount->value);
  }

  void by_rule() {
    if (rule.subject.entering)
      by(rule.subject.entering->binding);
    for (const hir::GroupKey& key : rule.subject.keys)
      by(key.value);
    for (const hir::Guard& guard : rule.guards)
      by(guard);
    for (const hir::Match& match : rule.matches) {
      by(match.binding);
      for (const hir::Expr& where : match.where)
        by(where);
    }
    for (const hir::PeerUse& use : rule.peers) {
      by(use.value);
      for (const hir::Expr& key : use.among)
        by(key);
    }
    for (const hir::Branch& branch : rule.branches) {
      by(branch.when);
      by_report(branch.report);
    }
    if (rule.when_unknown)
      by_report(*rule.when_unknown);
  }
};

} // namespace

std::set<std::uint32_t> lets_asked_for(const hir::Rule& rule) {
  Asked asked{.rule = rule};
  asked.by_rule();
  return std::move(asked.lets);
}

} // namespace sanku::measure

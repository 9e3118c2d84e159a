// See steps.h: one walk down each condition, which remembers how often what it looks at is done.
#include "compiler/analysis/steps.h"

#include "compiler/analysis/same_value.h"
#include "compiler/hir/walk.h"
#include "runtime/types/match.h"

#include <algorithm>
#include <map>
#include <set>

namespace sanku::analysis {
namespace {

using exec::Factor;
using exec::Length;
using exec::Product;
using exec::Steps;

// How often something is done. While `open`, `times` counts the elements of groups and not the
// groups, so that a loop over the group adds nothing to it.
struct Often {
  Product times;
  bool open = false;
};

class Walk {
public:
  Walk(const hir::Program& program, const hir::Rule& rule)
      : program_(program), rule_(rule), same_(same_values(rule)), once_(lets_of_matches(rule)) {
    once_.flip();
    for (const hir::ValueLet& let : rule.lets)
      loops_.push_back(loops(let.value));
    base_.open = rule.subject.kind == hir::SubjectKind::group && !rule.subject.across;
    if (rule.subject.kind != hir::SubjectKind::settlement && !rule.subject.across)
      base_.times.push_back({Length::list, rule.subject.relation});
    if (rule.subject.across)
      kinds_[hir::subject_binder] = Length::group;
    if (rule.subject.entering)
      if (const auto* rows = std::get_if<hir::RowsSource>(&rule.subject.entering->binding.source))
        base_.times.push_back({Length::rows, rows->table});
  }

  // Whether a row is there is one look, however many there are: the key is what may take long.
  Steps guard(const hir::Guard& guard) {
    begin();
    if (const auto* match = std::get_if<hir::MatchGuard>(&guard))
      static_cast<void>(source(rule_.matches[match->match].binding, base_));
    else
      hir::for_each_child(guard, [&](const auto& child) { walk(child, base_); });
    return end();
  }
  Steps branch(const hir::Branch& branch) {
    begin();
    Often often = base_;
    for (const hir::Match& match : rule_.matches) {
      often = source(match.binding, often);
      for (const hir::Expr& condition : match.where)
        walk(condition, often);
    }
    done(often);
    walk(branch.when, often);
    report(branch.report, often);
    return end();
  }
  Steps unknown(const hir::Report& report) {
    begin();
    this->report(report, base_);
    return end();
  }

private:
  void begin() {
    sum_.clear();
    lets_.clear();
    done(base_);
  }
  // The products that no other contains.
  Steps end() {
    const auto contains = [](const Product& outer, const Product& inner) {
      return std::ranges::includes(outer, inner);
    };
    Steps result;
    for (const Product& product : sum_) {
      const bool lesser = std::ranges::any_of(
          sum_, [&](const Product& other) { return other != product && contains(other, product); });
      if (!lesser)
        result.push_back(product);
    }
    return result;
  }
  void done(const Often& often) {
    Product product = often.times;
    std::ranges::sort(product);
    sum_.insert(std::move(product));
  }

  // Once a finding, but for the amount, which chooses among the matches (`matched`) and is that of
  // each line.
  void report(const hir::Report& report, const Often& matched) {
    hir::for_each_child(report, [&](const auto& child) { walk(child, base_); });
    const auto* amount = std::get_if<hir::AmountExpr>(&report.amount);
    if (amount == nullptr || !loops(amount->value))
      return;
    const auto* on = std::get_if<hir::QueryPtr>(&report.on);
    walk(amount->value, on ? query(**on, matched) : matched);
  }

  bool loops(const hir::Expr& expr) const {
    return hir::any_part(expr, [&](const hir::Expr& part) {
      const auto* let = std::get_if<hir::LetOf>(&part.form);
      return std::holds_alternative<hir::Fold>(part.form) || (let && loops_[let->let]);
    });
  }

  void walk(const hir::Expr& expr, const Often& often) {
    if (const auto* let = std::get_if<hir::LetOf>(&expr.form)) {
      const Often& asked = once_[let->let] ? base_ : often;
      if (lets_.insert({let->let, asked.times}).second)
        walk(rule_.lets[let->let].value, asked);
      return;
    }
    const auto* fold = std::get_if<hir::Fold>(&expr.form);
    if (fold == nullptr)
      return hir::for_each_child(expr, [&](const auto& child) { walk(child, often); });
    const Often inside = query(*fold->query, often);
    if (fold->value)
      walk(*fold->value, inside);
  }
  void walk(const hir::Query& of, const Often& often) { static_cast<void>(query(of, often)); }

  Often query(const hir::Query& of, const Often& often) {
    Often inside = often;
    for (const hir::Binding& binding : of.from)
      inside = source(binding, inside);
    for (const hir::Expr& condition : of.where)
      walk(condition, inside);
    if (of.rank)
      walk(*of.rank->key, inside);
    std::visit(match{
                   [](std::monostate) {},
                   [&](const hir::BeyondQuantity& beyond) { walk(*beyond.limit, often); },
                   [&](const hir::BeyondDistinct& beyond) {
                     walk(*beyond.limit, often);
                     walk(*beyond.key, inside);
                   },
               },
               of.beyond);
    done(inside);
    return inside;
  }

  static Often times(Often often, Factor factor) {
    often.times.push_back(factor);
    return often;
  }
  // The list of each of several visits: all together, in place of one list a visit. How long those
  // of visits with one value are nobody knows.
  static Often lists_of(Often often, Length visits, Factor together) {
    for (Factor& factor : often.times)
      if (factor.of == Length::same_in_group)
        factor = {visits, 0};
    const auto at = std::ranges::find(often.times, Factor{visits, 0});
    if (at != often.times.end())
      often.times.erase(at);
    return times(std::move(often), together);
  }

  Often list(const hir::ListSource& source, const Often& often) {
    const auto owner = kinds_.find(source.owner);
    if (owner == kinds_.end())
      return times(often, {Length::list, source.relation});
    const Length lists = owner->second == Length::group ? Length::group_list : Length::past_list;
    return lists_of(often, owner->second, {lists, source.relation});
  }
  Often group(hir::BinderId binder, Often often) {
    if (rule_.subject.across) {
      kinds_[binder] = Length::group;
      return times(std::move(often), {Length::group, 0});
    }
    if (!often.open)
      return times(std::move(often), {Length::list, rule_.subject.relation});
    often.open = false;
    return often;
  }
  Often visits(hir::BinderId binder, const hir::VisitsSource& source, const Often& often) {
    kinds_[binder] = Length::visits;
    const Often inside = times(often, {Length::visits, 0});
    walk(*source.window, often);
    walk(*source.member, inside);
    walk(*source.complete, often);
    return inside;
  }

  // Of a loop that looks only at elements with the value of another, those.
  Often source(const hir::Binding& binding, const Often& often) {
    const auto same = same_.find(binding.binder);
    if (same == same_.end())
      return all(binding, often);
    if (same->second.of.of == Length::same_in_group)
      kinds_[binding.binder] = Length::group;
    return times(often, same->second.of);
  }
  Often all(const hir::Binding& binding, const Often& often) {
    return std::visit(
        match{
            [&](const hir::ListSource& form) { return list(form, often); },
            [&](const hir::GroupSource&) { return group(binding.binder, often); },
            [&](const hir::RowsSource& form) {
              walk(*form.key, often);
              if (form.at)
                walk(*form.at, often);
              return times(often, {Length::rows, form.table});
            },
            [&](const hir::TableSource& form) { return times(often, {Length::table, form.table}); },
            [&](const hir::LinesSource& form) { return lines(*form.lines, often); },
            [&](const hir::PairSource& form) { return lines(*form.lines, often); },
            [&](const hir::VisitsSource& form) { return visits(binding.binder, form, often); },
            [&](const hir::EachSource& form) {
              const Often each = query(*form.visits, often);
              const bool of_group = kinds_[form.visits->from.front().binder] == Length::group;
              return of_group ? lists_of(each, Length::group, {Length::group_list, form.relation})
                              : lists_of(each, Length::visits, {Length::past_list, form.relation});
            },
        },
        binding.source);
  }
  // Another query's result: at most the elements of its first binding.
  Often lines(const hir::Query& of, const Often& often) {
    walk(of, often);
    return source(of.from.front(), often);
  }

  const hir::Program& program_;
  const hir::Rule& rule_;
  SameValues same_;
  std::vector<bool> once_;       // by let: one value a subject
  std::vector<bool> loops_ = {}; // likewise: whether it takes one
  Often base_;
  std::map<hir::BinderId, Length> kinds_; // binders that stand for visits
  std::set<Product> sum_;
  std::set<std::pair<std::uint32_t, Product>> lets_; // looked into, how often done
};

bool is_rows(const Factor& factor) { return factor.of == Length::rows; }

// More than a walk over a list and over the rows that each of its elements has.
bool may_be_too_much(const Product& product) {
  const auto rows = static_cast<std::size_t>(std::ranges::count_if(product, is_rows));
  return product.size() - rows >= 2 || rows >= 2;
}

Cost cost(Steps steps, RuleSteps& of) {
  Cost made{.steps = std::move(steps), .heavy = {}};
  // What is beyond the last number is counted together with it.
  constexpr std::size_t numbers = 64;
  if (std::ranges::none_of(made.steps, may_be_too_much))
    return made;
  if (of.heavy.size() < numbers)
    of.heavy.emplace_back();
  made.heavy = static_cast<std::uint32_t>(of.heavy.size() - 1);
  Steps& counted = of.heavy.back();
  counted.insert(counted.end(), made.steps.begin(), made.steps.end());
  return made;
}

std::string name_of(const hir::Program& program, const Factor& factor, Language language) {
  const bool chinese = language == Language::zh;
  const auto list = [&] {
    const schema::Names& names = program.schema.relations[factor.id].names;
    return chinese ? names.zh : names.en;
  };
  switch (factor.of) {
  case Length::list:
    return list();
  case Length::visits:
    return chinese ? "参保人的就诊" : "visits of the person";
  case Length::past_list:
    return chinese ? "参保人各次就诊的" + list() : list() + " of the person's visits";
  case Length::group:
    return chinese ? "组内元素" : "elements of the group";
  case Length::group_list:
    return chinese ? "组内各次就诊的" + list() : list() + " of the group's visits";
  case Length::same: {
    const schema::Relation& of = program.schema.relations[factor.id];
    const schema::Names& column = of.columns[factor.column].names;
    return chinese ? column.zh + "相同的" + of.names.zh : of.names.en + " of one " + column.en;
  }
  case Length::same_in_group: {
    const schema::Names& column = program.schema.relations[factor.id].columns[factor.column].names;
    return chinese ? "组内" + column.zh + "相同的元素" : "elements of one " + column.en;
  }
  case Length::table: {
    const schema::Names& names = program.tables[factor.id].shape.relation.names;
    return chinese ? names.zh + "的行" : "rows of " + names.en;
  }
  case Length::rows: {
    const schema::Names& names = program.tables[factor.id].shape.relation.names;
    return chinese ? names.zh + "一个键的行" : "rows of a key of " + names.en;
  }
  }
  return {};
}

} // namespace

std::vector<bool> lets_of_matches(const hir::Rule& rule) {
  const auto is_bound = [&](hir::BinderId binder) {
    return std::ranges::any_of(rule.matches, [&](const hir::Match& match) {
      const auto* pairs = std::get_if<hir::PairSource>(&match.binding.source);
      return match.binding.binder == binder || (pairs != nullptr && pairs->next == binder);
    });
  };
  std::vector<bool> found(rule.lets.size());
  // A let names only lets before it.
  for (std::size_t i = 0; i < rule.lets.size(); ++i)
    found[i] = hir::any_part(rule.lets[i].value, [&](const hir::Expr& part) {
      const auto* let = std::get_if<hir::LetOf>(&part.form);
      const auto* field = std::get_if<hir::FieldOf>(&part.form);
      return (let != nullptr && found[let->let]) || (field != nullptr && is_bound(field->binder));
    });
  return found;
}

RuleSteps steps_of(const hir::Program& program, const hir::Rule& rule) {
  RuleSteps made;
  Walk walk(program, rule);
  for (const hir::Guard& guard : rule.guards)
    made.guards.push_back(cost(walk.guard(guard), made));
  for (const hir::Branch& branch : rule.branches)
    made.branches.push_back(cost(walk.branch(branch), made));
  if (rule.when_unknown)
    made.unknown = cost(walk.unknown(*rule.when_unknown), made);
  return made;
}

Steps whole(const RuleSteps& steps) {
  std::set<Product> all;
  const auto take = [&](const Cost& cost) { all.insert(cost.steps.begin(), cost.steps.end()); };
  std::ranges::for_each(steps.guards, take);
  std::ranges::for_each(steps.branches, take);
  take(steps.unknown);
  Steps largest;
  for (const Product& product : all)
    if (std::ranges::none_of(all, [&](const Product& other) {
          return other != product && std::ranges::includes(other, product);
        }))
      largest.push_back(product);
  return largest;
}

std::size_t degree(const Steps& steps) {
  std::size_t most = 0;
  for (const Product& product : steps) {
    const auto rows = static_cast<std::size_t>(std::ranges::count_if(product, is_rows));
    most = std::max(most, product.size() - rows);
  }
  return most;
}

std::string text_of(const hir::Program& program, const Steps& steps, Language language) {
  std::string out;
  for (const Product& product : steps) {
    out += out.empty() ? "" : " + ";
    if (product.empty())
      out += "1";
    for (std::size_t i = 0; i < product.size(); ++i)
      out += (i == 0 ? "" : " × ") + name_of(program, product[i], language);
  }
  return out.empty() ? "1" : out;
}

} // namespace sanku::analysis

// See shrink.h. Every step proposes a smaller module and keeps it if that still fails; large cuts
// come first.
#include "tests/differential/shrink.h"

#include <algorithm>
#include <optional>

namespace sanku::differential {
namespace {

struct Shrinker {
  Module best;
  const std::function<bool(const Module&)>& fails;
  std::size_t attempts;
  bool changed = false;

  // Keeps `smaller` if it fails too.
  bool keep(Module smaller) {
    if (attempts == 0)
      return false;
    --attempts;
    if (!fails(smaller))
      return false;
    best = std::move(smaller);
    changed = true;
    return true;
  }

  // Drops runs of elements of the list that `list_of` finds in a module: halves, quarters, … single
  // ones.
  template <class ListOf> void drop_runs(const ListOf& list_of, std::size_t least) {
    for (std::size_t run = std::max<std::size_t>(list_of(best).size() / 2, 1);
         run >= 1 && attempts > 0; run /= 2)
      for (std::size_t at = 0; at + run <= list_of(best).size() &&
                               list_of(best).size() - run >= least && attempts > 0;) {
        Module smaller = best;
        auto& list = list_of(smaller);
        list.erase(list.begin() + static_cast<std::ptrdiff_t>(at),
                   list.begin() + static_cast<std::ptrdiff_t>(at + run));
        if (!keep(std::move(smaller)))
          at += run;
      }
  }

  void drop_rows() {
    for (std::size_t visit = 0; visit < best.visits.size(); ++visit)
      for (std::size_t relation = 1; relation < best.visits[visit].rows.size(); ++relation) {
        if (best.visits[visit].rows[relation].empty())
          continue;
        Module smaller = best;
        smaller.visits[visit].rows[relation].clear();
        if (!keep(std::move(smaller)))
          drop_runs([=](Module& module) -> auto& { return module.visits[visit].rows[relation]; },
                    1);
      }
  }

  void drop_cells() {
    for (std::size_t visit = 0; visit < best.visits.size(); ++visit)
      for (std::size_t relation = 0; relation < best.visits[visit].rows.size(); ++relation)
        for (std::size_t row = 0; row < best.visits[visit].rows[relation].size(); ++row) {
          drop_cells_of(visit, relation, row, 0, best.visits[visit].rows[relation][row].size());
        }
  }
  // All of a run of columns at once, else each half by itself.
  void drop_cells_of(std::size_t visit, std::size_t relation, std::size_t row, std::size_t begin,
                     std::size_t end) {
    Module smaller = best;
    bool any = false;
    for (std::size_t column = begin; column < end; ++column) {
      Value& cell = smaller.visits[visit].rows[relation][row][column];
      if (!is_known(cell))
        continue;
      cell = Unknown{};
      any = true;
    }
    if (!any || keep(std::move(smaller)) || end - begin <= 1)
      return;
    const std::size_t middle = begin + (end - begin) / 2;
    drop_cells_of(visit, relation, row, begin, middle);
    drop_cells_of(visit, relation, row, middle, end);
  }

  void drop_defaults() {
    drop_runs([](Module& module) -> auto& { return module.defaults; }, 0);
    for (std::size_t overlay = 0; overlay < best.overlays.size(); ++overlay)
      drop_runs([=](Module& module) -> auto& { return module.overlays[overlay].defaults; }, 0);
  }

  void drop_tables() {
    drop_runs([](Module& module) -> auto& { return module.tables; }, 0);
    for (std::size_t table = 0; table < best.tables.size(); ++table) {
      // The header stays.
      for (std::size_t at = best.tables[table].csv.find('\n') + 1;
           at < best.tables[table].csv.size() && attempts > 0;) {
        const std::size_t end = best.tables[table].csv.find('\n', at) + 1;
        Module smaller = best;
        smaller.tables[table].csv.erase(at, end - at);
        if (!keep(std::move(smaller)))
          at = end;
      }
    }
  }

  // ---- rules

  static void collect(Piece& piece, std::vector<Piece*>& into) {
    into.push_back(&piece);
    for (Piece& part : piece.parts)
      collect(part, into);
  }
  static std::vector<Piece*> pieces_of(Piece& rule) {
    std::vector<Piece*> all;
    collect(rule, all);
    return all;
  }
  static const char* simplest(const std::string& kind) {
    struct Simple {
      const char* kind;
      const char* text;
    };
    constexpr Simple simple[] = {{"bool 0", "true"},       {"int 0", "1"},
                                 {"decimal 0", "1.0"},     {"money 0", "1元"},
                                 {"date 0", "2026-03-01"}, {"duration 0", "1天"},
                                 {"text 0", "“x”"},        {"window 0", "same day"}};
    const auto* found =
        std::ranges::find(simple, kind, [](const Simple& each) { return std::string(each.kind); });
    return found == std::end(simple) ? nullptr : found->text;
  }

  // What could stand in the place of a piece: nothing, the simplest of its kind, one of its own
  // parts of that kind.
  static std::vector<Piece> replacements(const Piece& piece) {
    std::vector<Piece> found;
    if (piece.optional && !render(piece).empty())
      found.emplace_back("");
    if (piece.kind.empty() || piece.parts.empty())
      return found;
    if (const char* text = simplest(piece.kind))
      found.emplace_back(text);
    Piece copy = piece;
    for (const Piece* part : pieces_of(copy))
      if (part != &copy && part->kind == piece.kind)
        found.push_back(join("(", *part, ")"));
    const std::size_t size = render(piece).size();
    std::erase_if(found, [&](const Piece& each) { return render(each).size() >= size; });
    for (Piece& each : found)
      each.kind = piece.kind;
    return found;
  }

  void simplify_rules() {
    for (std::size_t rule = 0; rule < best.rules.size(); ++rule)
      for (std::size_t at = 0; at < pieces_of(best.rules[rule]).size() && attempts > 0; ++at)
        for (const Piece& replacement : replacements(*pieces_of(best.rules[rule])[at])) {
          Module smaller = best;
          *pieces_of(smaller.rules[rule])[at] = replacement;
          if (keep(std::move(smaller)))
            break;
        }
  }
};

} // namespace

Module shrink(Module module, const std::function<bool(const Module&)>& fails,
              std::size_t attempts) {
  Shrinker shrinker{.best = std::move(module), .fails = fails, .attempts = attempts};
  do {
    shrinker.changed = false;
    shrinker.drop_runs([](Module& each) -> auto& { return each.visits; }, 1);
    shrinker.drop_runs([](Module& each) -> auto& { return each.rules; }, 1);
    shrinker.drop_rows();
    shrinker.simplify_rules();
    shrinker.drop_tables();
    shrinker.drop_cells();
  } while (shrinker.changed && shrinker.attempts > 0);
  return std::move(shrinker.best);
}

} // namespace sanku::differential

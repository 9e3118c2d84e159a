// Conditions that would take more steps than the budget (steps.h): asked of a visit only where the
// longest lists of its block leave it open. Tested by tests/cases/budget and the differential.
#include "runtime/exec/worker.h"

#include <algorithm>

namespace sanku::exec {
std::vector<std::uint32_t> weighed_lists(const Program& program) {
  std::vector<std::uint32_t> lists;
  for (const RuleImage& rule : program.image->rules)
    for (const Steps& steps : rule.heavy)
      for (const Product& product : steps)
        for (const Factor& factor : product)
          if (factor.of == Length::list || factor.of == Length::same)
            lists.push_back(factor.id);
  std::ranges::sort(lists);
  lists.erase(std::ranges::unique(lists).begin(), lists.end());
  return lists;
}

void measure_lists(Worker& worker, std::uint32_t settlements) {
  worker.longest.assign(worker.program.schema->relations.size(), 0);
  for (const std::uint32_t list : worker.weighed) {
    const std::uint32_t* offsets = worker.relations[list].offsets;
    std::uint32_t longest = 0;
    for (std::uint32_t visit = 0; visit < settlements; ++visit)
      longest = std::max(longest, offsets[visit + 1] - offsets[visit]);
    worker.longest[list] = longest;
  }
}

bool is_weighty(const Worker& worker, std::uint32_t rule) {
  const std::uint32_t subject = worker.program.image->rules[rule].relation;
  const auto at_most = [&](const Factor& factor) -> std::uint64_t {
    switch (factor.of) {
    case Length::list:
    case Length::same:
      return worker.longest[factor.id];
    case Length::visits:
      return worker.sink.batch->settlements;
    case Length::group:
    case Length::same_in_group:
      return subject == 0 ? worker.sink.batch->settlements : worker.relations[subject].rows;
    case Length::past_list:
    case Length::group_list:
      return worker.relations[factor.id].rows;
    case Length::table:
      return worker.program.table_views[factor.id].rows;
    case Length::rows:
      return worker.program.fullest[factor.id];
    }
    return ~std::uint64_t{0};
  };
  const ProgramImage& image = *worker.program.image;
  return std::ranges::any_of(image.rules[rule].heavy, [&](const Steps& steps) {
    return count(steps, at_most) > image.budget;
  });
}

} // namespace sanku::exec

using namespace sanku;      // NOLINT(check): C entry points of this project only
using namespace sanku::abi; // NOLINT(check): likewise

extern "C" bool sanku_weigh(Frame* frame, std::uint32_t number) {
  const exec::Worker& worker = *frame->sink->worker;
  const std::uint32_t visit = frame->settlement;
  const bool people = frame->person_begin != nullptr;
  const std::uint32_t begin = people ? frame->person_begin[visit] : visit;
  const std::uint32_t end = people ? frame->person_end[visit] : visit + 1;
  const auto length = [&](const exec::Factor& factor) -> std::uint64_t {
    const RelationView& list = frame->relations[factor.id];
    switch (factor.of) {
    case exec::Length::list:
      return list.offsets[visit + 1] - list.offsets[visit];
    case exec::Length::visits:
      return end - begin;
    case exec::Length::past_list:
      return list.offsets[end] - list.offsets[begin];
    case exec::Length::group:
      return frame->group_size;
    case exec::Length::group_list: {
      std::uint64_t sum = 0;
      for (std::uint32_t i = 0; i < frame->group_size; ++i)
        sum += list.offsets[frame->group[i] + 1] - list.offsets[frame->group[i]];
      return sum;
    }
    case exec::Length::same:
    case exec::Length::same_in_group: {
      const bool group = factor.of == exec::Length::same_in_group;
      return exec::same_most(exec::value_counts(*frame, {factor.id, factor.column, group}),
                             exec::value_counts(*frame, {factor.by, factor.by_column, group}));
    }
    case exec::Length::table:
      return worker.program.table_views[factor.id].rows;
    case exec::Length::rows:
      return worker.program.fullest[factor.id];
    }
    return ~std::uint64_t{0};
  };
  const exec::ProgramImage& image = *worker.program.image;
  return exec::count(image.rules[frame->rule].heavy[number], length) > image.budget;
}

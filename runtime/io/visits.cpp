// VisitFinder (visits.h).
#include "runtime/io/visits.h"

#include "runtime/batch/cell.h"
#include "runtime/io/reasons.h"

#include <algorithm>

namespace sanku::io {

bool VisitFinder::refuse(Error why) {
  if (!reason)
    reason = std::move(why);
  return false;
}

bool VisitFinder::is_blank(std::uint32_t at) const {
  const Node& n = node(at);
  switch (n.kind) {
  case NodeKind::null:
    return true;
  case NodeKind::object:
  case NodeKind::list:
    return n.next == at + 1;
  case NodeKind::text:
    return batch::is_blank(codes::trim(n.text));
  case NodeKind::boolean:
  case NodeKind::number:
    return false;
  }
  return false;
}

void VisitFinder::scan(const ObjectLayout& layout, std::uint32_t object,
                       std::vector<std::uint32_t>& places) const {
  places.assign(layout.slots, 0);
  for (std::uint32_t at = object + 1; at < node(object).next; at = node(at).next) {
    const std::uint32_t slot = layout.names.find(node(at).key);
    if (slot != 0 && places[slot - 1] == 0)
      places[slot - 1] = at;
  }
}

std::uint32_t VisitFinder::open_scope(std::uint32_t object) {
  if (used_ == scopes_.size())
    scopes_.emplace_back();
  scan(layout_.visit, object, scopes_[used_]);
  return used_++;
}

std::uint32_t VisitFinder::look(std::uint32_t scope,
                                const std::vector<std::uint32_t>& slots) const {
  if (scope == no_scope)
    return 0;
  for (const std::uint32_t slot : slots) {
    const std::uint32_t at = scopes_[scope][slot];
    if (at != 0 && !is_blank(at))
      return at;
  }
  return 0;
}

// Whether the key is there, be it blank.
bool VisitFinder::has(std::uint32_t scope, const std::vector<std::uint32_t>& slots) const {
  return scope != no_scope && std::any_of(slots.begin(), slots.end(), [&](std::uint32_t slot) {
           return scopes_[scope][slot] != 0;
         });
}

bool VisitFinder::elements(std::uint32_t at, std::vector<std::uint32_t>& objects) {
  objects.clear();
  if (is_blank(at))
    return true;
  if (node(at).kind == NodeKind::object) {
    objects.push_back(at);
    return true;
  }
  if (node(at).kind != NodeKind::list)
    return refuse(not_a_node(node(at).key, node(at).kind));
  for (std::uint32_t element = at + 1; element < node(at).next; element = node(element).next) {
    if (is_blank(element))
      continue;
    if (node(element).kind != NodeKind::object) {
      return refuse(not_a_node(node(at).key, node(element).kind));
    }
    objects.push_back(element);
  }
  return true;
}

// A line is the bare data node, {"data": …}, {"input": {"data": …}}, or has the nodes beside `data`
// instead of inside.
bool VisitFinder::find() {
  visits.clear();
  used_ = 0;
  encounters = context = 0;
  VisitRef around;
  around.scopes[line_scope] = open_scope(0);
  if (const std::uint32_t input = look(around.scopes[line_scope], layout_.input); input != 0) {
    if (node(input).kind != NodeKind::object)
      return refuse(not_a_node("input", node(input).kind));
    around.scopes[input_scope] = open_scope(input);
  }
  std::uint32_t data = look(around.scopes[input_scope], layout_.data);
  if (data == 0)
    data = look(around.scopes[line_scope], layout_.data);
  if (data != 0) {
    std::vector<std::uint32_t> objects;
    if (!elements(data, objects))
      return false;
    for (const std::uint32_t object : objects) {
      VisitRef inside = around;
      inside.scopes[data_scope] = open_scope(object);
      if (!find_in_data(inside))
        return false;
    }
  } else if (!find_in_data(around)) {
    return false;
  }
  return encounters != 0 || refuse(no_visit());
}

bool VisitFinder::find_in_data(VisitRef around) {
  std::uint32_t patients = 0;
  for (std::size_t i = data_scope; i < around.scopes.size() && patients == 0; ++i)
    patients = look(around.scopes[i], layout_.patients);
  if (patients == 0)
    return find_of_patient(around, true);
  std::vector<std::uint32_t> objects;
  if (!elements(patients, objects))
    return false;
  for (const std::uint32_t object : objects) {
    VisitRef inside = around;
    inside.scopes[patient_scope] = open_scope(object);
    if (!find_of_patient(inside, objects.size() == 1))
      return false;
  }
  return true;
}

// Visits of one person. Without a node for visits the innermost node is the visit itself. When the
// request says which visit it is about, the others are the person's past.
bool VisitFinder::find_of_patient(VisitRef around, bool only_patient) {
  std::uint32_t list = 0, wanted = 0;
  bool named = false;
  for (std::size_t i = patient_scope; i < around.scopes.size(); ++i) {
    if (wanted == 0)
      wanted = look(around.scopes[i], layout_.current_visit);
    // A list beside several persons cannot be said to be of one of them.
    if (i != patient_scope && !only_patient)
      continue;
    if (list == 0)
      list = look(around.scopes[i], layout_.encounters);
    named = named || has(around.scopes[i], layout_.encounters);
  }
  std::vector<std::uint32_t> objects;
  if (list != 0 && !elements(list, objects))
    return false;
  std::vector<VisitRef> here;
  for (const std::uint32_t object : objects) {
    here.push_back(around);
    here.back().scopes[visit_scope] = open_scope(object);
  }
  if (!named) {
    here.push_back(around);
    const auto inner = std::find_if(around.scopes.begin(), around.scopes.end(),
                                    [](std::uint32_t s) { return s != no_scope; });
    here.back().scopes[visit_scope] = *inner;
  }
  bool any = false;
  for (VisitRef& visit : here) {
    visit.part = encounters++;
    if (wanted != 0 && !is_current(visit, codes::trim(node(wanted).text))) {
      ++context;
      continue;
    }
    any = true;
    visits.push_back(visit);
  }
  return any || here.empty() || refuse(no_current_visit());
}

bool VisitFinder::is_current(const VisitRef& visit, std::string_view wanted) const {
  if (!layout_.visit_source)
    return true;
  const std::uint32_t number =
      look(visit.scopes[visit_scope], layout_.visit.columns[*layout_.visit_source].slots);
  return number != 0 && codes::trim(node(number).text) == wanted;
}

} // namespace sanku::io

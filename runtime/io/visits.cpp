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

bool VisitFinder::same_value(std::uint32_t a, std::uint32_t b) const {
  const auto scalar = [&](std::uint32_t at) {
    return node(at).kind != NodeKind::object && node(at).kind != NodeKind::list;
  };
  return scalar(a) && scalar(b) && codes::trim(node(a).text) == codes::trim(node(b).text);
}

bool VisitFinder::scan(const ObjectLayout& layout, std::uint32_t object,
                       std::vector<std::uint32_t>& places) {
  places.assign(layout.slots, 0);
  for (std::uint32_t at = object + 1; at < node(object).next; at = node(at).next) {
    const std::uint32_t slot = layout.names.find(node(at).key);
    if (slot == 0)
      continue;
    std::uint32_t& place = places[slot - 1];
    if (place == 0 || is_blank(place))
      place = at;
    else if (!is_blank(at) && !same_value(place, at))
      return refuse(field_twice(node(at).key));
  }
  return true;
}

bool VisitFinder::open_scope(std::uint32_t object, std::uint32_t& scope) {
  if (used_ == scopes_.size())
    scopes_.emplace_back();
  scope = used_++;
  return scan(layout_.visit, object, scopes_[scope]);
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
  if (!open_scope(0, around.scopes[line_scope]))
    return false;
  if (const std::uint32_t input = look(around.scopes[line_scope], layout_.input); input != 0) {
    if (node(input).kind != NodeKind::object)
      return refuse(not_a_node("input", node(input).kind));
    if (!open_scope(input, around.scopes[input_scope]))
      return false;
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
      if (!open_scope(object, inside.scopes[data_scope]) || !find_in_data(inside))
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
    if (!open_scope(object, inside.scopes[patient_scope]) ||
        !find_of_patient(inside, objects.size() == 1))
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
    if (!open_scope(object, here.back().scopes[visit_scope]))
      return false;
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
      visit.context = true;
    }
    any = any || !visit.context;
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

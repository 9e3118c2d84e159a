// Models: their files, what a call of one becomes, its reasons. Tested by tests/cases/models and
// tests/cases/errors/SK34*.
#include "compiler/ast/print.h"
#include "compiler/hir/scope.h"
#include "compiler/hir/suggest.h"
#include "compiler/hir/walk.h"
#include "runtime/models/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

namespace sanku::hir {
namespace {

using diag::report;
using diag::Words;

constexpr std::uint32_t most_reasons = 20;
constexpr Type boolean{.kind = Kind::boolean};

// Whether the file lies in the folder, whatever its path says.
bool stays_inside(const std::filesystem::path& folder, const std::filesystem::path& file) {
  if (file.is_absolute() || file.lexically_normal().string().starts_with(".."))
    return false;
  std::error_code none;
  const auto inner = std::filesystem::weakly_canonical(folder / file, none);
  const auto outer = std::filesystem::weakly_canonical(folder, none);
  return !none && !inner.lexically_relative(outer).string().starts_with("..");
}

std::optional<models::Format> format_of(const ast::ModelDecl& written) {
  if (!written.format)
    return std::nullopt;
  switch (*written.format) {
  case ast::ModelFormat::lightgbm:
    return models::Format::lightgbm;
  case ast::ModelFormat::xgboost:
    return models::Format::xgboost;
  case ast::ModelFormat::linear:
    return models::Format::linear;
  }
  return std::nullopt;
}

void report_fault(const ast::ModelDecl& written, const models::Fault& fault,
                  diag::Diagnostics& diagnostics) {
  const Words what{fault.zh, fault.en};
  switch (fault.kind) {
  case models::Fault::Kind::unreadable:
    report<"model_unreadable">(diagnostics, written.file_span, written.file, what);
    return;
  case models::Fault::Kind::damaged:
    report<"model_damaged">(diagnostics, written.file_span, written.file, what);
    return;
  case models::Fault::Kind::unsupported:
    report<"model_unsupported">(diagnostics, written.file_span, written.file, what);
    return;
  case models::Fault::Kind::too_large:
    report<"model_too_large">(diagnostics, written.file_span, written.file, what);
    return;
  }
}

template <class Take>
void each_model(const std::vector<const ast::File*>& files, const Take& take) {
  for (const ast::File* file : files)
    for (const ast::Decl& decl : file->decls)
      if (const auto* written = std::get_if<ast::ModelDecl>(&decl))
        take(*written);
}

bool is_scorecard(const ast::ModelDecl& written) { return written.file.empty(); }

models::InputNames named(const ast::Points& points) {
  if (!points.title.empty())
    return {.zh = points.title, .en = points.title};
  return {.zh = ast::print(*points.when, ast::Spelling::zh),
          .en = ast::print(*points.when, ast::Spelling::en)};
}

Expr again(Scope& scope, const Expr& expr) {
  Renamed none;
  scope.nodes += node_count(expr);
  return copy(expr, scope.rule, none);
}
std::vector<Expr> again(Scope& scope, const std::vector<Expr>& exprs) {
  std::vector<Expr> made;
  made.reserve(exprs.size());
  for (const Expr& expr : exprs)
    made.push_back(again(scope, expr));
  return made;
}

// ---- scorecards

std::optional<Expr> check_number(Scope& scope, const ast::Expr& written) {
  auto value = check_value(scope, written);
  if (!value)
    return std::nullopt;
  if (value->type.kind == Kind::integer || value->type.kind == Kind::decimal)
    return value;
  const TypeName found = type_name(scope.pack.schema, value->type);
  report<"points_type">(scope.diagnostics, written.span, Words{found.zh, found.en});
  return std::nullopt;
}

// from: `add a when p otherwise b`, to: `pick(otherwise(p, false), a, b)`, without `otherwise`
// `pick(p, a, 0)`.
std::optional<Expr> points_of(Scope& scope, const ast::Points& written) {
  auto points = check_number(scope, *written.points);
  auto condition = check_condition(scope, *written.when);
  const Span at = place(scope, written.span);
  auto rest = written.otherwise ? check_number(scope, *written.otherwise)
                                : constant({.kind = Kind::integer, .digits = 1}, Integer{0}, at);
  if (!points || !condition || !rest)
    return std::nullopt;
  if (written.otherwise)
    condition = apply(scope, {"otherwise", "otherwise", written.span},
                      list_of(std::move(*condition), constant(boolean, Bool{false}, at)));
  if (!condition)
    return std::nullopt;
  return apply(scope, {"pick", "add", written.span},
               list_of(std::move(*condition), std::move(*points), std::move(*rest)));
}

std::optional<Expr> scorecard(Scope& scope, const NamedModel& model, Span at) {
  std::vector<Expr> points;
  for (const ast::Points& each : model.written->points)
    if (auto one = points_of(scope, each))
      points.push_back(std::move(*one));
  if (points.size() != model.written->points.size() || points.empty())
    return std::nullopt;
  ScoreOf score{.model = model.id, .inputs = {}, .total = nullptr};
  for (const Expr& each : points)
    score.inputs.push_back(*as_score(again(scope, each)));
  auto sum = joined(scope, {"add", "add", at}, points, 0, points.size());
  if (!sum)
    return std::nullopt;
  score.total = std::make_unique<Expr>(*as_score(std::move(*sum)));
  return Expr{{.kind = Kind::score}, place(scope, at), std::move(score)};
}

// ---- trained models

struct Matching {
  Scope& scope;
  const NamedModel& model;
  bool fine = true;

  [[nodiscard]] static bool is_for(const ast::ModelInput& input, const std::string& feature) {
    if (input.from)
      return *input.from == feature;
    return input.names.first.text == feature ||
           (input.names.second && input.names.second->text == feature);
  }

  void names() {
    const ast::ModelDecl& written = *model.written;
    std::vector<std::string_view> near(model.trained->features.begin(),
                                       model.trained->features.end());
    for (const ast::ModelInput& input : written.inputs) {
      const auto mine = [&](const std::string& feature) { return is_for(input, feature); };
      if (std::ranges::any_of(model.trained->features, mine))
        continue;
      fine = false;
      const ast::Name name{input.from.value_or(input.names.first.text), input.names.first.span};
      if (scope.declaring)
        suggest(
            report<"model_input_unknown">(scope.diagnostics, name.span, written.file, name.text),
            name, near);
    }
  }

  // The inputs in the order of the file's features; null: not there.
  std::vector<const ast::ModelInput*> ordered() {
    const ast::ModelDecl& written = *model.written;
    std::vector<const ast::ModelInput*> made;
    if (model.trained->features.empty()) {
      for (const ast::ModelInput& input : written.inputs)
        made.push_back(&input);
      if (made.size() != model.trained->feature_count && scope.declaring)
        report<"model_input_count">(scope.diagnostics, written.names.first.span, written.file,
                                    model.trained->feature_count, made.size());
      fine = made.size() == model.trained->feature_count;
      return made;
    }
    names();
    for (const std::string& feature : model.trained->features) {
      const ast::ModelInput* found = nullptr;
      for (const ast::ModelInput& input : written.inputs) {
        if (!is_for(input, feature))
          continue;
        if (found != nullptr && scope.declaring)
          report<"declared_twice">(scope.diagnostics, input.names.first.span,
                                   input.names.first.text);
        fine = fine && found == nullptr;
        found = &input;
      }
      if (found == nullptr && scope.declaring)
        report<"model_feature_missing">(scope.diagnostics, written.names.first.span, written.file,
                                        feature);
      fine = fine && found != nullptr;
      made.push_back(found);
    }
    return made;
  }
};

std::optional<Expr> check_input(Scope& scope, const ast::ModelInput& input) {
  auto value = check_value(scope, *input.value);
  if (!value)
    return std::nullopt;
  const TypeName found = type_name(scope.pack.schema, value->type);
  auto score = as_score(std::move(*value));
  if (!score)
    report<"model_input_type">(scope.diagnostics, input.value->span, input.names.first.text,
                               Words{found.zh, found.en});
  return score;
}

std::optional<Expr> trained(Scope& scope, const NamedModel& model, Span at) {
  if (model.trained == nullptr)
    return std::nullopt;
  Matching matching{.scope = scope, .model = model};
  const std::vector<const ast::ModelInput*> ordered = matching.ordered();
  if (!matching.fine)
    return std::nullopt;
  ScoreOf score{.model = model.id, .inputs = {}, .total = nullptr};
  for (const ast::ModelInput* input : ordered)
    if (auto value = check_input(scope, *input))
      score.inputs.push_back(std::move(*value));
  if (score.inputs.size() != ordered.size())
    return std::nullopt;
  return Expr{{.kind = Kind::score}, place(scope, at), std::move(score)};
}

// What a model's declaration was told to be wrong in is not told again where it is called.
void forget_repeated(diag::Diagnostics& diagnostics, std::size_t before) {
  std::vector<diag::Diagnostic>& all = diagnostics.all;
  const auto known = [&](const diag::Diagnostic& each) {
    return std::any_of(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(before),
                       [&](const diag::Diagnostic& other) {
                         return other.number == each.number && other.span.file == each.span.file &&
                                other.span.begin == each.span.begin && other.en == each.en;
                       });
  };
  std::size_t kept = before;
  for (std::size_t i = before; i < all.size(); ++i)
    if (!known(all[i]))
      std::swap(all[kept++], all[i]);
  all.erase(all.begin() + static_cast<std::ptrdiff_t>(kept), all.end());
}

} // namespace

ModelFiles read_model_files(const std::vector<const ast::File*>& rule_files,
                            const std::filesystem::path& folder, diag::Diagnostics& diagnostics,
                            const ReadFile& read) {
  ModelFiles files;
  each_model(rule_files, [&](const ast::ModelDecl& written) {
    if (is_scorecard(written))
      return;
    if (!stays_inside(folder, written.file)) {
      report<"model_path">(diagnostics, written.file_span, written.file);
      return;
    }
    auto loaded = models::load(folder / written.file, format_of(written), {}, read);
    if (loaded)
      files.emplace(&written, std::make_unique<models::Model>(std::move(*loaded)));
    else
      report_fault(written, loaded.error(), diagnostics);
  });
  return files;
}

void add_models(const std::vector<const ast::File*>& files, ModelFiles& trained, Declarations& pack,
                diag::Diagnostics& diagnostics) {
  each_model(files, [&](const ast::ModelDecl& written) {
    const auto found = trained.find(&written);
    Model made{.names = both_names(written.names),
               .title = written.title,
               .inputs = {},
               .trained = found == trained.end() ? nullptr : std::move(found->second),
               .span = written.names.first.span};
    for (const ast::Points& each : written.points)
      made.inputs.push_back(named(each));
    NamedModel model{.written = &written,
                     .id = static_cast<ModelId>(pack.models.size()),
                     .trained = made.trained.get(),
                     .parameters = {}};
    if (made.trained)
      for (const std::string& feature : made.trained->features)
        for (const ast::ModelInput& input : written.inputs)
          if (Matching::is_for(input, feature)) {
            const schema::Names names = both_names(input.names);
            made.inputs.push_back({.zh = names.zh, .en = names.en});
            break;
          }
    if (made.trained && made.trained->features.empty())
      for (const ast::ModelInput& input : written.inputs) {
        const schema::Names names = both_names(input.names);
        made.inputs.push_back({.zh = names.zh, .en = names.en});
      }
    if (written.parameter)
      model.parameters.push_back(*written.parameter);
    else
      model.parameters.push_back(
          {.name = {pack.names.records.front().en, written.names.first.span},
           .type = {.name = {pack.names.records.front().en, written.names.first.span},
                    .span = written.names.first.span}});
    pack.models.push_back(std::move(made));
    add_function({.form = std::move(model)}, pack, diagnostics);
  });
}

std::optional<Expr> check_model(Scope& scope, const NamedModel& model) {
  const Span at = model.written->names.first.span;
  const std::size_t told = scope.diagnostics.all.size();
  auto score =
      is_scorecard(*model.written) ? scorecard(scope, model, at) : trained(scope, model, at);
  if (!scope.declaring)
    forget_repeated(scope.diagnostics, told);
  return score;
}

std::optional<Expr> check_reasons(Scope& scope, const ast::Expr& expr, const ast::Call& call) {
  if (call.arguments.size() != 2) {
    report<"argument_count">(scope.diagnostics, expr.span, call.function.text, 2,
                             call.arguments.size());
    return std::nullopt;
  }
  auto value = check_value(scope, *call.arguments[0]);
  auto count = check_value(scope, *call.arguments[1]);
  if (!value || !count)
    return std::nullopt;
  const Expr* of = &*value;
  while (const auto* let = std::get_if<LetOf>(&of->form))
    of = &scope.rule.lets[let->let].value;
  const auto* score = std::get_if<ScoreOf>(&of->form);
  const auto* constant = std::get_if<Constant>(&count->form);
  const auto* number = constant ? std::get_if<Integer>(&constant->value) : nullptr;
  if (!score || !number || number->value < 1 || number->value > most_reasons) {
    const std::size_t wrong = score ? 1 : 0;
    report<"reasons_of">(scope.diagnostics, call.arguments[wrong]->span, most_reasons);
    return std::nullopt;
  }
  return Expr{{.kind = Kind::reasons},
              place(scope, expr.span),
              ReasonsOf{.model = score->model,
                        .inputs = again(scope, score->inputs),
                        .most = static_cast<std::uint32_t>(number->value)}};
}

} // namespace sanku::hir

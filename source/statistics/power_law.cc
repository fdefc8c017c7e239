// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/statistics/power_law.h>

#include <boost/math/quadrature/gauss.hpp>
#include <ceres/ceres.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace seem::statistics
{
  namespace
  {
    constexpr double infinity = std::numeric_limits<double>::infinity();

    /// Weights below e^-60 of their largest are left out.
    constexpr double negligible = 60.0;

    /// Panels of the quadrature over ln s, with 15 Gauss points each.
    constexpr unsigned int n_panels = 50;

    /// Whole numbers that are summed one by one; beyond, the sum is the integral (midpoint rule,
    /// relative error 1/(24 s^2)).
    constexpr std::size_t n_summed = 2000;

    /// Panels of the table of the cumulative distribution.
    constexpr std::size_t n_table = 4096;

    /// Integrals or sums of w, y w, y^2 w, x w, x y w, x^2 w with x = s/s_min - 1, y = ln(s/s_min),
    /// w = exp(-tau y - mu x).
    struct Moments
    {
      double z = 0.0, y = 0.0, yy = 0.0, x = 0.0, xy = 0.0, xx = 0.0;

      void add(const double log_size, const double weight)
      {
        const double excess = std::expm1(log_size);
        z += weight;
        y += weight * log_size;
        yy += weight * log_size * log_size;
        x += weight * excess;
        xy += weight * excess * log_size;
        xx += weight * excess * excess;
      }

      /// Means instead of sums, but for z.
      void normalise()
      {
        for (double *sum : {&y, &yy, &x, &xy, &xx})
          *sum /= z;
      }
    };

    struct Exponents
    {
      double tau;
      double mu; ///< s_min/s_c

      double weight(const double y) const
      {
        return std::exp(-tau * y - mu * std::expm1(y));
      }

      /// ln(s/s_min) beyond which the weight is negligible.
      double end() const
      {
        return mu > 0.0 ? std::log1p((negligible + 10.0 * std::max(0.0, 1.0 - tau)) / mu)
                        : negligible / (tau - 1.0);
      }
    };

    /// Calls @p visit(y, w) for a quadrature of the integral over s/s_min from e^begin on, in
    /// @p panels panels of y = ln(s/s_min).
    template <typename Visit>
    void integrate(const Exponents &e, const double begin, const unsigned int panels,
                   const Visit &visit)
    {
      using Rule = boost::math::quadrature::gauss<double, 15>;
      const double h = std::max(0.0, e.end() - begin) / panels;
      for (unsigned int i = 0; i < panels; ++i)
      {
        const double middle = begin + (i + 0.5) * h;
        for (std::size_t k = 0; k < Rule::abscissa().size(); ++k)
          for (const double sign : {-1.0, 1.0})
          {
            if (sign > 0.0 && Rule::abscissa()[k] == 0.0)
              continue;
            const double y = middle + sign * 0.5 * h * Rule::abscissa()[k];
            visit(y, 0.5 * h * Rule::weights()[k] * std::exp(y) * e.weight(y));
          }
      }
    }

    Moments moments(const SizeKind kind, const double minimum, const Exponents &e)
    {
      Moments m;
      double begin = 0.0;
      double spacing = 1.0; // of the whole numbers, in units of the minimum
      if (kind == SizeKind::discrete)
      {
        spacing = 1.0 / minimum;
        for (std::size_t i = 0; i < n_summed; ++i)
        {
          const double y = std::log1p(static_cast<double>(i) * spacing);
          m.add(y, e.weight(y));
        }
        begin = std::log1p((n_summed - 0.5) * spacing);
      }
      integrate(e, begin, n_panels,
                [&](const double y, const double weight) { m.add(y, weight / spacing); });
      m.normalise();
      return m;
    }

    /// What the likelihood depends on.
    struct Sample
    {
      std::size_t n = 0;
      double y = 0.0; ///< mean of ln(s/s_min)
      double x = 0.0; ///< mean of s/s_min - 1
      double largest = 0.0;
    };

    /// Minus the log-likelihood per size over (tau, ln mu), or over tau alone where mu is zero.
    class Likelihood final : public ceres::FirstOrderFunction
    {
    public:
      Likelihood(const SizeKind kind, const double minimum, const Sample &sample, const bool cutoff)
          : kind(kind), minimum(minimum), sample(sample), cutoff(cutoff)
      {
      }

      bool Evaluate(const double *const p, double *cost, double *gradient) const override
      {
        const Exponents e = exponents(p);
        if (!std::isfinite(e.tau) || std::abs(e.tau) > 100.0 || !std::isfinite(e.mu) ||
            e.mu > 1e3 || (cutoff ? e.mu < 1e-12 : e.tau <= 1.0))
          return false;
        const Moments m = moments(kind, minimum, e);
        *cost = e.tau * sample.y + e.mu * sample.x + std::log(m.z);
        if (!std::isfinite(*cost))
          return false;
        if (gradient != nullptr)
        {
          gradient[0] = cutoff ? sample.y - m.y : (sample.y - m.y) * (e.tau - 1.0);
          if (cutoff)
            gradient[1] = (sample.x - m.x) * e.mu;
        }
        return true;
      }

      int NumParameters() const override
      {
        return cutoff ? 2 : 1;
      }

      /// tau itself beside a cutoff; without one ln(tau - 1).
      Exponents exponents(const double *p) const
      {
        return cutoff ? Exponents{p[0], std::exp(p[1])} : Exponents{1.0 + std::exp(p[0]), 0.0};
      }

    private:
      SizeKind kind;
      double minimum;
      Sample sample;
      bool cutoff;
    };

    Exponents maximise(const SizeKind kind, const double minimum, const Sample &sample,
                       const bool cutoff, std::vector<double> start)
    {
      auto *likelihood = new Likelihood(kind, minimum, sample, cutoff);
      const ceres::GradientProblem problem(likelihood); // takes ownership
      ceres::GradientProblemSolver::Options options;
      options.line_search_direction_type = ceres::BFGS;
      options.logging_type = ceres::SILENT;
      options.max_num_iterations = 200;
      options.function_tolerance = 1e-14;
      options.gradient_tolerance = 1e-9;
      options.parameter_tolerance = 1e-12;
      ceres::GradientProblemSolver::Summary summary;
      ceres::Solve(options, problem, start.data(), &summary);
      if (!summary.IsSolutionUsable())
        throw InputError(
            fmt::format("a power law cannot be fitted to {} sizes above {:g}, on average {:.3g} "
                        "times that: {}",
                        sample.n, minimum, sample.x + 1.0, summary.message));
      return likelihood->exponents(start.data());
    }

    /// The sizes at and above the minimum, ascending.
    std::vector<double> above(const std::vector<double> &sizes, const double minimum)
    {
      std::vector<double> kept;
      for (const double size : sizes)
        if (size >= minimum)
          kept.push_back(size);
      std::sort(kept.begin(), kept.end());
      return kept;
    }

    void check_minimum(const SizeKind kind, const double minimum)
    {
      if (!(minimum > 0.0) || !std::isfinite(minimum))
        throw InputError(
            fmt::format("a power law of sizes above {}: the minimum must be positive", minimum));
      if (kind == SizeKind::discrete && minimum != std::round(minimum))
        throw InputError(fmt::format("a power law of whole numbers above {}: the minimum must be "
                                     "one",
                                     minimum));
    }

    double largest_difference(const PowerLaw &law, const SizeKind kind,
                              const std::vector<double> &ascending)
    {
      const auto n = static_cast<double>(ascending.size());
      double distance = 0.0;
      for (std::size_t i = 0; i < ascending.size();)
      {
        std::size_t next = i;
        while (next < ascending.size() && ascending[next] == ascending[i])
          ++next;
        const double up_to = law.cumulative(ascending[i]);
        distance = std::max(distance, std::abs(static_cast<double>(next) / n - up_to));
        const double before =
            kind == SizeKind::discrete ? law.cumulative(ascending[i] - 1.0) : up_to;
        distance = std::max(distance, std::abs(static_cast<double>(i) / n - before));
        i = next;
      }
      return distance;
    }

    /// The fit without its goodness.
    PowerLawFit fit(const std::vector<double> &ascending, const SizeKind kind, const double minimum,
                    const bool with_cutoff)
    {
      Sample sample;
      sample.n = ascending.size();
      for (const double size : ascending)
      {
        sample.y += std::log(size / minimum);
        sample.x += size / minimum - 1.0;
      }
      const auto n = static_cast<double>(sample.n);
      sample.y /= n;
      sample.x /= n;
      if (!(sample.y > 0.0))
        throw InputError("a power law cannot be fitted: all sizes are the minimum");

      // Without a cutoff, continuous sizes have tau = 1 + 1/<y>; whole numbers nearly so from
      // s_min - 1/2 on.
      const double shift = kind == SizeKind::discrete ? -std::log1p(-0.5 / minimum) : 0.0;
      Exponents best = maximise(kind, minimum, sample, false, {std::log(1.0 / (sample.y + shift))});
      // The likelihood grows with mu from zero on where the mean size of the law is above the
      // sizes' (it is infinite for tau <= 2).
      if (with_cutoff && (best.tau <= 2.01 || moments(kind, minimum, best).x > sample.x))
      {
        // A start with the right mean size: without a power of its own, mu = 1/<x>.
        best = maximise(kind, minimum, sample, true,
                        {std::min(best.tau, 1.5), std::log(0.1 / sample.x)});
      }

      PowerLawFit result;
      result.kind = kind;
      result.minimum = minimum;
      result.n = sample.n;
      const Moments m = moments(kind, minimum, best);
      result.exponent.value = best.tau;
      result.log_likelihood = -n * (best.tau * sample.y + best.mu * sample.x + std::log(m.z) +
                                    (kind == SizeKind::continuous ? std::log(minimum) : 0.0));
      const double var_y = m.yy - m.y * m.y;
      if (best.mu > 0.0)
      {
        const double var_x = m.xx - m.x * m.x, cov = m.xy - m.x * m.y;
        const double determinant = n * (var_x * var_y - cov * cov);
        result.exponent.standard_error = std::sqrt(var_x / determinant);
        result.cutoff.value = minimum / best.mu;
        result.cutoff.standard_error =
            result.cutoff.value / best.mu * std::sqrt(var_y / determinant);
      }
      else
      {
        result.exponent.standard_error = 1.0 / std::sqrt(n * var_y);
        result.cutoff = {infinity, infinity};
      }
      result.ks_distance = largest_difference(result.law(), kind, ascending);
      return result;
    }

    /// Uniform in (0, 1), the same with every standard library.
    double uniform(std::mt19937_64 &generator)
    {
      return (static_cast<double>(generator() >> 11) + 0.5) * 0x1p-53;
    }
  } // namespace

  PowerLaw::PowerLaw(const SizeKind kind, const double minimum, const double exponent,
                     const double cutoff)
      : kind(kind), minimum(minimum), exponent(exponent), cutoff(cutoff)
  {
    check_minimum(kind, minimum);
    if (!(cutoff > 0.0) || (std::isinf(cutoff) && !(exponent > 1.0)))
      throw InputError(fmt::format("a power law with exponent {} and cutoff {}: the cutoff must be "
                                   "positive and, if infinite, the exponent above 1",
                                   exponent, cutoff));
    const Exponents e = {exponent, minimum / cutoff};
    double sum = 0.0;
    if (kind == SizeKind::discrete)
    {
      n_whole = n_summed;
      for (std::size_t i = 0; i < n_whole; ++i)
      {
        sum += e.weight(std::log1p(static_cast<double>(i) / minimum));
        probability_up_to.push_back(sum);
      }
    }
    const double spacing = kind == SizeKind::discrete ? 1.0 / minimum : 1.0;
    const double begin =
        n_whole > 0 ? std::log1p((static_cast<double>(n_whole) - 0.5) * spacing) : 0.0;
    const double h = std::max(0.0, e.end() - begin) / n_table;
    log_sizes.push_back(begin);
    probability_up_to.push_back(sum);
    using Rule = boost::math::quadrature::gauss<double, 7>;
    for (std::size_t i = 0; i < n_table; ++i)
    {
      const double y = begin + static_cast<double>(i) * h;
      sum += Rule::integrate([&](const double z) { return std::exp(z) * e.weight(z); }, y, y + h) /
             spacing;
      log_sizes.push_back(y + h);
      probability_up_to.push_back(sum);
    }
    for (double &p : probability_up_to)
      p /= sum;
    log_normalisation = std::log(sum);
  }

  double PowerLaw::cumulative(const double size) const
  {
    if (size < minimum)
      return 0.0;
    double y = std::log(size / minimum);
    if (kind == SizeKind::discrete)
    {
      const double place = std::floor(size - minimum);
      if (place < static_cast<double>(n_whole))
        return probability_up_to[static_cast<std::size_t>(place)];
      y = std::log((std::floor(size) + 0.5) / minimum);
    }
    if (y >= log_sizes.back())
      return 1.0;
    const std::size_t i = static_cast<std::size_t>(
        std::upper_bound(log_sizes.begin(), log_sizes.end(), y) - log_sizes.begin() - 1);
    const double share = (y - log_sizes[i]) / (log_sizes[i + 1] - log_sizes[i]);
    const double *const p = probability_up_to.data() + n_whole + i;
    return p[0] + share * (p[1] - p[0]);
  }

  double PowerLaw::quantile(const double probability) const
  {
    const auto begin = probability_up_to.begin();
    const auto found = std::lower_bound(begin, probability_up_to.end(), probability);
    const auto i = static_cast<std::size_t>(found - begin);
    if (i < n_whole)
      return minimum + static_cast<double>(i);
    if (i >= probability_up_to.size())
      return minimum * std::exp(log_sizes.back());
    const std::size_t j = i - n_whole;
    if (j == 0)
      return minimum * std::exp(log_sizes.front());
    const double p0 = probability_up_to[i - 1], p1 = probability_up_to[i];
    const double share = p1 > p0 ? (probability - p0) / (p1 - p0) : 0.0;
    const double size =
        minimum * std::exp(log_sizes[j - 1] + share * (log_sizes[j] - log_sizes[j - 1]));
    return kind == SizeKind::discrete ? std::round(size) : size;
  }

  double PowerLaw::probability(const double size) const
  {
    if (size < minimum || (kind == SizeKind::discrete && size != std::round(size)))
      return 0.0;
    const Exponents e = {exponent, minimum / cutoff};
    const double p = std::exp(-e.tau * std::log(size / minimum) - e.mu * (size / minimum - 1.0) -
                              log_normalisation);
    return kind == SizeKind::continuous ? p / minimum : p;
  }

  PowerLawFit fit_power_law(const std::vector<double> &sizes, const SizeKind kind,
                            const double minimum, const PowerLawSettings &settings)
  {
    check_minimum(kind, minimum);
    const std::vector<double> ascending = above(sizes, minimum);
    if (ascending.size() < fewest_sizes)
      throw InputError(fmt::format("a power law needs {} sizes; {} of {} are at or above the "
                                   "minimum {:g}",
                                   fewest_sizes, ascending.size(), sizes.size(), minimum));
    PowerLawFit result = fit(ascending, kind, minimum, settings.cutoff);

    const PowerLaw law = result.law();
    std::mt19937_64 generator(settings.seed);
    unsigned int n_made = 0, n_as_far = 0;
    std::vector<double> synthetic(ascending.size());
    for (unsigned int i = 0; i < settings.n_synthetic; ++i)
    {
      for (double &size : synthetic)
        size = law.quantile(uniform(generator));
      std::sort(synthetic.begin(), synthetic.end());
      if (synthetic.back() <= minimum)
        continue; // nothing to fit
      ++n_made;
      n_as_far += fit(synthetic, kind, minimum, settings.cutoff).ks_distance >= result.ks_distance;
    }
    result.ks_probability = n_made > 0 ? static_cast<double>(n_as_far) / n_made
                                       : std::numeric_limits<double>::quiet_NaN();
    return result;
  }

  double best_minimum(const std::vector<double> &sizes, const SizeKind kind,
                      const std::size_t n_min, const PowerLawSettings &settings)
  {
    const std::vector<double> positive =
        above(sizes, kind == SizeKind::discrete ? 1.0 : std::numeric_limits<double>::min());
    const std::size_t enough = std::max(n_min, fewest_sizes);
    if (positive.size() < enough)
      throw InputError(fmt::format("a power law with a minimum to find needs {} positive sizes; "
                                   "there are {}",
                                   enough, positive.size()));
    constexpr unsigned int n_candidates = 19;
    double best = positive.front(), smallest = infinity, last = 0.0;
    for (unsigned int i = 0; i < n_candidates; ++i)
    {
      const std::size_t place = i * 9 * positive.size() / (10 * (n_candidates - 1));
      const double minimum =
          kind == SizeKind::discrete ? std::round(positive[place]) : positive[place];
      const std::vector<double> kept = above(positive, minimum);
      if (kept.size() < enough)
        break;
      if (minimum == last || kept.back() <= minimum)
        continue;
      last = minimum;
      try
      {
        const double distance = fit(kept, kind, minimum, settings.cutoff).ks_distance;
        if (distance < smallest)
        {
          smallest = distance;
          best = minimum;
        }
      }
      catch (const InputError &)
      {
        // Sizes that are round-off stretch the range beyond all laws: not from there on.
      }
    }
    return best;
  }
} // namespace seem::statistics

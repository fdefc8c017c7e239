// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/core/units.h>
#include <seem/law/tabulated_elasticity.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace seem::law
{
  namespace
  {
    void check_nodes(const std::vector<double> &nodes, const char *name)
    {
      if (nodes.empty())
        throw InputError(fmt::format("elasticity table: there is no node of {}", name));
      for (std::size_t i = 0; i < nodes.size(); ++i)
        if (!std::isfinite(nodes[i]) || (i > 0 && !(nodes[i] > nodes[i - 1])))
          throw InputError(
              fmt::format("elasticity table: node {} of {} is {}, expected finite and growing "
                          "numbers",
                          i, name, nodes[i]));
    }

    /// Strain and energy of a piece that begins at stress @p tau with compliance @p c and slope
    /// @p k, at @p s beyond its begin.
    double piece_strain(const double c, const double k, const double s)
    {
      return s * (c + 0.5 * k * s);
    }

    double piece_energy(const double tau, const double c, const double k, const double s)
    {
      return s * (tau * c + s * (0.5 * (c + tau * k) + k * s / 3.0));
    }
  } // namespace

  TabulatedElasticity::TabulatedElasticity(std::vector<double> tau, std::vector<double> x1,
                                           const std::vector<double> &compliance,
                                           const double atomic_volume)
      : tau_nodes(std::move(tau)), x1_nodes(std::move(x1)), omega(atomic_volume)
  {
    check_nodes(tau_nodes, "tau");
    check_nodes(x1_nodes, "X1");
    if (tau_nodes.front() != 0.0)
      throw InputError(fmt::format("elasticity table: the first node of tau is {} GPa, expected 0",
                                   tau_nodes.front()));
    if (!(omega > 0.0) || !std::isfinite(omega))
      throw InputError(
          fmt::format("elasticity table: the volume per atom = {} must be positive", omega));

    const std::size_t n_tau = tau_nodes.size();
    if (compliance.size() != n_tau * x1_nodes.size())
      throw InputError(fmt::format("elasticity table: {} values of 1/G_t, expected {} x {}",
                                   compliance.size(), x1_nodes.size(), n_tau));
    nodes.reserve(compliance.size());
    for (std::size_t n = 0; n < compliance.size(); ++n)
    {
      const double c = compliance[n];
      const std::size_t i = n % n_tau;
      if (!(c > 0.0) || !std::isfinite(c))
        throw InputError(fmt::format("elasticity table: 1/G_t = {} at tau = {} GPa, X1 = {} eV "
                                     "must be positive",
                                     c, tau_nodes[i], x1_nodes[n / n_tau]));
      if (i == 0)
      {
        nodes.push_back({c, 0.0, 0.0});
        continue;
      }
      const Node &before = nodes.back();
      const double s = tau_nodes[i] - tau_nodes[i - 1];
      const double k = (c - before.compliance) / s;
      nodes.push_back({c, before.strain + piece_strain(before.compliance, k, s),
                       before.energy + piece_energy(tau_nodes[i - 1], before.compliance, k, s)});
    }
  }

  TabulatedElasticity::Column TabulatedElasticity::column(const double x1) const
  {
    if (!(x1 > x1_nodes.front()))
      return {0, 0.0};
    if (x1 >= x1_nodes.back())
      return {x1_nodes.size() - 1, 0.0};
    const auto above = std::upper_bound(x1_nodes.begin(), x1_nodes.end(), x1);
    const auto index = static_cast<std::size_t>(above - x1_nodes.begin()) - 1;
    return {index, (x1 - x1_nodes[index]) / (x1_nodes[index + 1] - x1_nodes[index])};
  }

  std::size_t TabulatedElasticity::row(const double tau) const
  {
    const auto above = std::upper_bound(tau_nodes.begin() + 1, tau_nodes.end(), tau);
    return static_cast<std::size_t>(above - tau_nodes.begin()) - 1;
  }

  TabulatedElasticity::Node TabulatedElasticity::node(const std::size_t i, const Column &x1) const
  {
    const Node &low = nodes[i + tau_nodes.size() * x1.index];
    if (!(x1.share > 0.0))
      return low;
    const Node &high = nodes[i + tau_nodes.size() * (x1.index + 1)];
    const auto mean = [&](const double a, const double b) { return a + x1.share * (b - a); };
    return {mean(low.compliance, high.compliance), mean(low.strain, high.strain),
            mean(low.energy, high.energy)};
  }

  double TabulatedElasticity::slope(const std::size_t i, const Node &begin, const Column &x1) const
  {
    if (i + 1 >= tau_nodes.size())
      return 0.0;
    return (node(i + 1, x1).compliance - begin.compliance) / (tau_nodes[i + 1] - tau_nodes[i]);
  }

  double TabulatedElasticity::energy_density(const double tau, const double x1) const
  {
    const Column at = column(x1);
    const std::size_t i = row(std::abs(tau));
    const Node begin = node(i, at);
    return begin.energy + piece_energy(tau_nodes[i], begin.compliance, slope(i, begin, at),
                                       std::abs(tau) - tau_nodes[i]);
  }

  double TabulatedElasticity::elastic_strain(const double tau, const double x1) const
  {
    const Column at = column(x1);
    const std::size_t i = row(std::abs(tau));
    const Node begin = node(i, at);
    return std::copysign(begin.strain + piece_strain(begin.compliance, slope(i, begin, at),
                                                     std::abs(tau) - tau_nodes[i]),
                         tau);
  }

  double TabulatedElasticity::tangent(const double tau, const double x1) const
  {
    const Column at = column(x1);
    const std::size_t i = row(std::abs(tau));
    const Node begin = node(i, at);
    return 1.0 / (begin.compliance + slope(i, begin, at) * (std::abs(tau) - tau_nodes[i]));
  }

  double TabulatedElasticity::stress(const double gamma_el, const double x1) const
  {
    const Column at = column(x1);
    const double target = std::abs(gamma_el);

    // The last node whose strain is not above the target.
    std::size_t i = 0;
    for (std::size_t end = tau_nodes.size(); end - i > 1;)
    {
      const std::size_t middle = i + (end - i) / 2;
      (node(middle, at).strain <= target ? i : end) = middle;
    }
    const Node begin = node(i, at);
    const double rest = target - begin.strain;
    const double c = begin.compliance;
    // c s + k s^2/2 = rest in the form without cancellation; the root is 1/G_t at the end of s.
    const double root = std::sqrt(std::max(0.0, c * c + 2.0 * slope(i, begin, at) * rest));
    return std::copysign(tau_nodes[i] + 2.0 * rest / (c + root), gamma_el);
  }

  double TabulatedElasticity::inelastic_energy(const double excess_energy, const double tau) const
  {
    // X1 + u_el(tau, X1) at the nodes; beyond the table u_el is constant.
    const double unit = units::energy_density(omega);
    const auto elastic = [&](const std::size_t j) {
      return energy_density(tau, x1_nodes[j]) / unit;
    };
    double below = elastic(0);
    if (excess_energy <= x1_nodes[0] + below)
      return excess_energy - below;
    for (std::size_t j = 1; j < x1_nodes.size(); ++j)
    {
      const double above = elastic(j);
      const double width = x1_nodes[j] - x1_nodes[j - 1];
      if (excess_energy <= x1_nodes[j] + above)
        return x1_nodes[j - 1] +
               width * (excess_energy - x1_nodes[j - 1] - below) / (width + (above - below));
      below = above;
    }
    return excess_energy - below;
  }
} // namespace seem::law

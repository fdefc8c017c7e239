// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_STATISTICS_CURVES_H
#define SEEM_STATISTICS_CURVES_H

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace seem::statistics
{
  /// One path tau(gamma), X1(gamma) of an atomistic run or of the model; columns of equal length,
  /// strain growing strictly.
  struct Curve
  {
    std::string label;          ///< preparation
    std::string glass;          ///< paths of one glass are not independent; empty: its own glass
    std::vector<double> strain; ///< [-]
    std::vector<double> tau;    ///< [GPa]
    std::vector<double> x1;     ///< [eV per atom]; may be empty
  };

  /// Mean of the curves of one label on a common strain grid, with standard errors over glasses.
  struct MeanCurve
  {
    std::string label;
    std::size_t n_curves = 0;
    std::size_t n_glasses = 0;
    std::vector<double> strain;    ///< [n], uniform
    std::vector<double> tau;       ///< [n]
    std::vector<double> tau_error; ///< [n], standard error; NaN with a single glass
    std::vector<double> x1;        ///< [n], or empty if a curve has none
    std::vector<double> x1_error;  ///< [n], or empty
  };

  /// A number with its standard error (NaN with a single glass).
  struct Estimate
  {
    double value = 0.0;
    double standard_error = 0.0;
  };

  /// The figures by which curves are compared.
  struct CurveFigures
  {
    std::string label;
    std::size_t n_curves = 0;
    std::size_t n_glasses = 0;
    Estimate
        yield_peak; ///< largest value of the label-mean tau smoothed over the peak window [GPa]
    double yield_strain = 0.0; ///< where it is [-]
    Estimate end_stress;       ///< mean of tau over the end window of the common strain range [GPa]
    Estimate end_x1;           ///< the same of X1 [eV per atom]; NaN without X1
    double common_strain = 0.0; ///< end of the common strain range [-]
  };

  /// Windows of the figures.
  struct CurveSettings
  {
    double spacing = 0.001;    ///< of the common strain grid [-]
    double peak_window = 0.01; ///< the mean curve is smoothed over it before its peak is taken [-]
    double end_window = 0.05;  ///< the end stress is the mean over it [-]
    double end_strain = 0.0;   ///< cut the common range here [-]; 0: where the shortest curve ends
  };

  /**
   * Mean of @p values with its standard error when values of one glass are not independent:
   * \f[ s^2 = \frac{n_g}{n_g - 1}\,\frac1{n^2}\sum_g\Big(\sum_{i\in g}(v_i - \bar v)\Big)^2. \f]
   * With one value per glass it is the ordinary standard error.
   * @param[in] glass  number of the glass of each value, [n], counted from 0: memory goes with the
   * largest
   */
  Estimate clustered_mean(const std::vector<double> &values, const std::vector<std::size_t> &glass);

  /// Curve @p y(x) at @p at by linear interpolation; constant beyond its ends.
  double interpolate(const std::vector<double> &x, const std::vector<double> &y, double at);

  /// The same at many places, [n]; fast where they ascend.
  std::vector<double> interpolate(const std::vector<double> &x, const std::vector<double> &y,
                                  const std::vector<double> &at);

  /**
   * The uniform strain grid that mean_curve() and figures() use: the strain range that the curves
   * share, of which the ends alone count.
   * @throws InputError as mean_curve()
   */
  std::vector<double> common_strains(const std::vector<Curve> &curves,
                                     const CurveSettings &settings = {});

  /**
   * Mean of curves, all taken as one label, on a uniform grid over the strain range that they
   * share.
   * @throws InputError naming the label if there is no curve, a curve has columns of unequal length
   * or fewer than two rows, or they share no strain
   */
  MeanCurve mean_curve(const std::vector<Curve> &curves, const CurveSettings &settings = {});

  /// Figures of curves, all taken as one label. Throws as mean_curve() does.
  CurveFigures figures(const std::vector<Curve> &curves, const CurveSettings &settings = {});

  /// The curves sorted by label.
  std::map<std::string, std::vector<Curve>> by_label(const std::vector<Curve> &curves);

  /// Moving average of @p values over an odd number of @p width entries; the first and last width/2
  /// entries are left out.
  std::vector<double> moving_average(const std::vector<double> &values, std::size_t width);
} // namespace seem::statistics

#endif

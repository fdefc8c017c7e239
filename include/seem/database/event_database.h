// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_DATABASE_EVENT_DATABASE_H
#define SEEM_DATABASE_EVENT_DATABASE_H

#include <seem/core/state.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace seem::database
{
  /// Version of the database's content. Files of the versions from the oldest to this one are read,
  /// others refused. 2 added the table and the source of the elasticity, 3 the visits of each
  /// sample, the plastic strain and the heat of the events, smoothing and memory.
  inline constexpr int schema_version = 3;
  inline constexpr int oldest_schema_version = 1;

  /// A fitted number with its standard error (bootstrap over samples; 0 if it was given, not
  /// fitted).
  struct FittedNumber
  {
    double value = 0.0;
    double standard_error = 0.0;
  };

  /// Elasticity of Eq. (7), fitted or given. An infinite tau_A or tau_B leaves its term out.
  struct ElasticConstants
  {
    FittedNumber g0;    ///< G0 [GPa]
    FittedNumber u_a;   ///< uA [eV per atom]
    FittedNumber tau_a; ///< tauA [GPa]
    FittedNumber tau_b; ///< tauB [GPa]
  };

  /// Harvested tangent compliance at the nodes of law::TabulatedElasticity, tau running fastest:
  /// compliance[i_tau + n_tau * i_x1].
  struct ElasticityTable
  {
    std::vector<double> tau;            ///< nodes [GPa], the first one 0
    std::vector<double> x1;             ///< nodes [eV per atom]
    std::vector<double> compliance;     ///< 1/G_t [1/GPa]
    std::vector<double> standard_error; ///< of compliance [1/GPa]; all zero if not estimated

    /// Root mean square over the nodes of the standard error over the value [-].
    double relative_error() const;
  };

  /// Name and unit of one state variable and the bin edges along it, [n_bins + 1], strictly
  /// growing.
  struct Axis
  {
    std::string name;
    std::string unit;
    std::vector<double> edges;

    std::size_t n_bins() const
    {
      return edges.size() - 1;
    }
  };

  /// How smooth the statistics of SmoothEventSource are.
  struct Smoothing
  {
    double rate_curvature = 5.0;  ///< kappa of smooth_rate() [-]
    double size_curvature = 2.0;  ///< kappa of smooth_size() [-]
    double kernel_events = 100.0; ///< effective number of events that jumps are drawn from [-]
  };

  /**
   * The memory of the preparation, the internal variable X2 = s: at equal (tau, X1) the jumps of an
   * event are exp(s) times those of a glass that has forgotten its preparation. It begins at
   * \f$s_0 = a + b\log_{10}(R/R_0)\f$ for the cooling rate R and relaxes with the plastic strain
   * of events: \f$ds = -s\,d\gamma_p/\gamma_r\f$.
   */
  struct Memory
  {
    FittedNumber relaxation_strain; ///< gamma_r [-]
    FittedNumber mean;              ///< a [-]
    FittedNumber per_decade;        ///< b [-]
    double reference_rate = 0.0;    ///< R_0 [K/s]; 0: rates unknown, b = 0

    /// s_0 of a glass cooled at @p cooling_rate [K/s]; a if that is not positive.
    double initial(double cooling_rate) const;

    /// Change of s by an event of plastic strain @p plastic_strain; a negative one changes nothing.
    double change(double s, double plastic_strain) const;
  };

  /// One AQS run that the database was made from.
  struct Sample
  {
    std::string name;
    std::string label;
    std::string glass;
    std::string direction;
    double cooling_rate = 0.0; ///< [K/s]
    double n_atoms = 0.0;
    double volume = 0.0;       ///< [Angstrom^3]
    double final_strain = 0.0; ///< [-]
    State initial;             ///< (tau, X) of the first row
    std::string checksum;      ///< of the file's bytes
  };

  /**
   * The raw events, struct of arrays, each [n_events] in the order of samples and strain. The state
   * is that just before the event; the jump is the deficit at fixed strain.
   */
  struct EventTable
  {
    std::vector<double> tau;             ///< [GPa]
    std::vector<std::vector<double>> x;  ///< [M][n_events], X before the event
    std::vector<double> dtau;            ///< stress deficit at fixed strain [GPa]
    std::vector<std::vector<double>> dx; ///< [M][n_events], change of X
    std::vector<double> net_dtau;        ///< tau(after the increment) - tau(before it) [GPa]
    std::vector<double> strain;          ///< gamma before the increment [-]
    std::vector<std::uint32_t> sample;   ///< index into EventDatabase::samples

    /// Elastic strain lost at fixed strain, g(tau', X1) - g(tau' - dtau, X1 + dX1) with tau' the
    /// elastic prediction of the stress after the increment [-]; may be negative. Both this and
    /// heat may be left out (empty): complete_events().
    std::vector<double> plastic_strain = {};
    std::vector<double> heat =
        {}; ///< D = -N (Delta u_el + dX1) between the same states [eV per cell]

    std::size_t size() const
    {
      return tau.size();
    }
  };

  /**
   * Where each sample spent its strain: one entry per sample and bin that it visited, struct of
   * arrays, each [n_visits], ordered by sample, then bin. With the events of the sample it is all
   * that the sample adds to the bins, so samples can be taken out, repeated and added.
   */
  struct VisitTable
  {
    std::vector<std::uint32_t> sample; ///< index into EventDatabase::samples
    std::vector<std::uint32_t> bin;    ///< number of the bin
    std::vector<double> exposure;      ///< visited strain of forward loading [-]
    std::vector<double> n_increments;  ///< increments that began in the bin

    std::size_t size() const
    {
      return sample.size();
    }
  };

  /**
   * Statistics of the plastic events of one glass-forming alloy: all that the stochastic law needs,
   * with its provenance.
   *
   * Bins are numbered with the first axis (tau) fastest: bin = i_tau + n_tau * (i_x1 + n_x1 * ...).
   */
  struct EventDatabase
  {
    std::string material;                        ///< free text, e.g. "Cu64Zr36"
    std::string program_version;                 ///< of the program that wrote it
    std::map<std::string, std::string> settings; ///< every parameter of the harvest, as text

    double n_atoms = 0.0; ///< atoms in the representative volume
    double volume = 0.0;  ///< representative volume V_RVE [Angstrom^3], mean over the samples
    double u0 = 0.0;      ///< reference energy per atom [eV]
    double strain_increment = 0.0; ///< increment of the runs [-]

    std::string elasticity_source; ///< how it was found, e.g. "branch fit"; empty if unknown
    ElasticConstants elasticity;   ///< Eq. (7); with a table, what its fit began from
    std::optional<ElasticityTable>
        elasticity_table;             ///< if there is one, X1 and the jumps are of it
    std::vector<Axis> axes;           ///< axis 0 is tau, axis 1 is X1
    std::vector<double> exposure;     ///< [n_bins] visited strain of forward loading [-]
    std::vector<double> n_events;     ///< [n_bins] event increments
    std::vector<double> n_increments; ///< [n_bins] increments visited
    std::vector<double>
        rate; ///< [n_bins] lambda of the bin alone, per unit strain; 0 where nothing was visited
    double minimum_events = 10;         ///< a bin is pooled with its nearest until it holds so many
    std::optional<Smoothing> smoothing; ///< if there is one, SmoothEventSource in place of pools
    std::optional<Memory> memory;       ///< if there is one, X2 and the third axis are of it

    EventTable events;
    std::vector<Sample> samples;
    VisitTable visits; ///< empty if unknown: files of schema versions 1 and 2 have none

    std::size_t n_internal_variables() const
    {
      return axes.size() - 1;
    }

    std::size_t n_bins() const
    {
      std::size_t n = axes.empty() ? 0 : 1;
      for (const Axis &axis : axes)
        n *= axis.n_bins();
      return n;
    }

    /// Volume per atom Omega [Angstrom^3].
    double atomic_volume() const
    {
      return volume / n_atoms;
    }
  };

  /**
   * Rate of events per unit strain from @p n_events event increments of @p n_increments that cover
   * @p exposure strain: \f[ \lambda = -\ln(1 - k/n)\,/\,\Delta\gamma,\qquad \Delta\gamma =
   * \text{exposure}/n. \f] If every increment held an event, k = n - 1/2 is taken. 0 without
   * increments.
   */
  double event_rate(double n_events, double n_increments, double exposure);

  /**
   * Fill in EventTable::plastic_strain and heat, if they are empty, from the elasticity of the
   * database and the atomic volume of each sample: with tau' = tau + net_dtau + dtau. For merged
   * events, whose parts are not known any more, this leaves out the elastic loading between the
   * parts.
   * @pre check() passes, X1 is the first internal variable
   */
  void complete_events(EventDatabase &database);

  /**
   * Check that the database is complete and consistent (sizes, growing edges, finite numbers,
   * indices in range).
   * @throws InputError naming what is wrong
   */
  void check(const EventDatabase &database);
} // namespace seem::database

#endif

// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_IO_REPLAY_FILE_H
#define SEEM_IO_REPLAY_FILE_H

#include <seem/law/material_law.h>

#include <filesystem>
#include <string>
#include <vector>

namespace seem::io
{
  /// One update of a material point that ended a run, with all that is needed to repeat it.
  struct Replay
  {
    std::string program_version;
    std::string parameters;              ///< of the run, as the text of a parameter file
    std::filesystem::path database_file; ///< absolute
    std::string database_checksum;       ///< file_checksum()

    law::PointData point;
    unsigned int n_volumes = 0; ///< of law::SubVolumeLaw; 0: the state is one volume
    unsigned int region = 0;    ///< part of the specimen with its own law; 0: the main law
    std::vector<law::StateField> layout;
    std::vector<double> state;                     ///< before the update, by the layout
    law::SymmetricTensor strain_begin, strain_end; ///< the path of the update

    std::string message;           ///< of the error
    double admissible_share = 0.0; ///< of the path, if a shorter one may do; else 0
  };

  /**
   * Write it to one HDF5 file, under a temporary name that is then changed:
   *  - root attributes: `kind` = "replay", `schema_version`, `program`, `program_version`,
   *    `database_file`, `database_checksum`, `cell` (decimal), `quadrature_point`, `copy`,
   *    `volume_ratio`, `n_volumes`, `region`, `message`, `admissible_share`, `parameters`,
   * `description`;
   *  - `/state` [n], `/layout/name`, `/layout/unit`, `/layout/size` [n_fields];
   *  - `/strain_begin`, `/strain_end` [6]: xx, yy, zz, sqrt(2) yz, sqrt(2) xz, sqrt(2) xy.
   * @throws InputError if the file cannot be created, Error if it cannot be written, naming it
   */
  void write_replay(const std::filesystem::path &path, const Replay &replay);

  /// @throws InputError naming the file and the object: no such file, no replay, another schema
  /// version, something missing or of the wrong shape
  Replay read_replay(const std::filesystem::path &path);

  /// Root attribute `kind` of such a file.
  inline constexpr const char *replay_kind = "replay";
} // namespace seem::io

#endif

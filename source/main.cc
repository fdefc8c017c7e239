// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/commands/program.h>

int main(int argc, char **argv)
{
  return seem::commands::run_program(argc, argv);
}

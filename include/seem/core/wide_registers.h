// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_CORE_WIDE_REGISTERS_H
#define SEEM_CORE_WIDE_REGISTERS_H

/**
 * Before a function: compile it for the vector registers of newer processors too, and take the best
 * of them at run time. Nothing where the compiler cannot do it, or under the address sanitizer,
 * which is not ready when the choice is made. SEEM_HAS_WIDE_REGISTERS is defined where it does
 * something; there functions can also be defined once for each of these targets.
 */
#if defined(__x86_64__) && defined(__gnu_linux__) && defined(__GNUC__) && !defined(__clang__) &&   \
    !defined(__SANITIZE_ADDRESS__)
#define SEEM_HAS_WIDE_REGISTERS
#define SEEM_FOR_WIDE_REGISTERS __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define SEEM_FOR_WIDE_REGISTERS
#endif

#endif

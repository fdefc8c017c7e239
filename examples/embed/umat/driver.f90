! SPDX-License-Identifier: LGPL-2.1-or-later
! One integration point in simple shear through UMAT, as Abaqus/Standard calls it, in plane strain.
!
!   SEEM_DATABASE=DATABASE embed_umat NOEL X1      X1: what the point starts from [eV per atom]
!
! Each increment is tried twice from the same STATEV, as the iterations of a solver do.
program embed_umat
  implicit none
  integer, parameter :: ntens = 4, nstatv = 25, nprops = 5
  double precision :: stress(ntens), statev(nstatv), ddsdde(ntens, ntens), sse, spd, scd, rpl
  double precision :: ddsddt(ntens), drplde(ntens), drpldt, stran(ntens), dstran(ntens), time(2)
  double precision :: dtime, temp, dtemp, predef(1), dpred(1), props(nprops), coords(3), drot(3, 3)
  double precision :: pnewdt, celent, dfgrd0(3, 3), dfgrd1(3, 3), gamma, first(ntens), committed(nstatv)
  integer :: noel, i, trial
  character(len=80) :: cmname, argument
  external :: umat

  if (command_argument_count() /= 2) stop 2
  call get_command_argument(1, argument)
  read (argument, *) noel
  call get_command_argument(2, argument)
  props = [148.0d0, 1.0d0, 1.0d0, 0.0d0, 0.0d0]      ! K [GPa], seed, m, X1, tau
  read (argument, *) props(4)

  cmname = 'GLASS'
  stress = 0; statev = 0; stran = 0; dstran = 0; time = 0; dtime = 1; temp = 0; dtemp = 0
  predef = 0; dpred = 0; coords = 0; celent = 1; ddsddt = 0; drplde = 0; drpldt = 0; rpl = 0
  drot = 0
  do i = 1, 3
    drot(i, i) = 1
  end do
  dfgrd0 = drot; dfgrd1 = drot

  print '(a)', 'strain stress_xy_GPa X1_eV n_events'
  do i = 1, 300
    gamma = i*1d-3
    dstran(4) = gamma - stran(4)
    committed = statev
    do trial = 1, 2
      statev = committed
      pnewdt = 1
      call umat(stress, statev, ddsdde, sse, spd, scd, rpl, ddsddt, drplde, drpldt, stran, dstran, &
                time, dtime, temp, dtemp, predef, dpred, cmname, 3, 1, ntens, nstatv, props, nprops, &
                coords, drot, pnewdt, celent, dfgrd0, dfgrd1, noel, 1, 1, 1, 1, i)
      if (stress(4) /= stress(4)) stop 1              ! NaN: the message is on standard error
      if (pnewdt < 1) stop 3                          ! a solver would cut the increment
      if (trial == 1) first = stress
      if (any(first /= stress)) stop 4
    end do
    stran = stran + dstran
    print '(3(es25.17e3, 1x), i0)', gamma, stress(4), statev(nstatv - 2), nint(statev(nstatv))
  end do
end program embed_umat

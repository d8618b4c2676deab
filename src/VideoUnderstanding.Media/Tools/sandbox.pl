# Restricts this process permanently, then executes the command. Arguments: number of prctl, seccomp program in hexadecimal, command.
my ($prctl, $filter) = (shift(@ARGV) + 0, pack('H*', shift @ARGV));
# PR_SET_NO_NEW_PRIVS, required for a filter of an unprivileged user.
syscall($prctl, 38, 1, 0, 0, 0) == 0 or die "no_new_privs: $!\n";
# Landlock: forbids writing, creating and removing files. Older kernels do not have it.
my $rights = pack('Q', 0x1FF2);
my $rules = syscall(444, $rights, 8, 0);
$rules < 0 or syscall(446, $rules, 0) == 0 or die "landlock: $!\n";
# PR_SET_SECCOMP with SECCOMP_MODE_FILTER; the structure contains the number of instructions and their address.
my $program = pack('S x6 P', length($filter) / 8, $filter);
syscall($prctl, 22, 2, $program) == 0 or die "seccomp: $!\n";
exec { $ARGV[0] } @ARGV or die "$ARGV[0]: $!\n";

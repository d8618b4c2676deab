using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace VideoUnderstanding.Media.Tools;

/// <summary>A seccomp program (classic BPF, see the kernel's seccomp_filter.rst). Forbidden system calls fail with EPERM. So does changing
/// the handler of SIGXCPU, which FFmpeg would treat like a stop by the user. All other calls are allowed.</summary>
/// <param name="ControlCall">Number of the system call prctl, which installs the program.</param>
/// <param name="Program">Instructions of 8 bytes, little endian.</param>
internal sealed record CallFilter(int ControlCall, byte[] Program)
{
    private const ushort Load = 0x20, JumpIfEqual = 0x15, JumpIfAtLeast = 0x35, Return = 0x06;
    private const uint NumberAt = 0, ArchitectureAt = 4, FirstArgumentAt = 16;
    private const uint Allow = 0x7FFF0000, Refuse = 0x00050001, Kill = 0x80000000;

    // x32, the second ABI of 64-bit x86 kernels, numbers the same calls from here.
    private const uint SecondTable = 0x40000000;

    /// <summary>Null on processors whose system call numbers are unknown.</summary>
    public static CallFilter? ForThisMachine() => RuntimeInformation.OSArchitecture switch
    {
        // rt_sigaction; then socket, io_uring_setup (sockets without the call), ptrace, process_vm_readv and _writev, kill,
        // pidfd_send_signal, pidfd_getfd
        Architecture.X64 => new(157, Build(0xC000003E, 13, [41, 425, 101, 310, 311, 62, 424, 438])),
        Architecture.Arm64 => new(167, Build(0xC00000B7, 134, [198, 425, 117, 270, 271, 129, 424, 438])),
        _ => null,
    };

    /// <param name="handlerCall">Number of the system call that sets a signal's handler.</param>
    internal static byte[] Build(uint architecture, uint handlerCall, ReadOnlySpan<uint> forbidden)
    {
        List<(ushort Code, byte Yes, byte No, uint Value)> lines =
        [
            (Load, 0, 0, ArchitectureAt),
            (JumpIfEqual, 1, 0, architecture),
            (Return, 0, 0, Kill),
            (Load, 0, 0, NumberAt),
            // Each test jumps over the remaining tests, the three lines for the signal, and the line that allows the call.
            (JumpIfAtLeast, (byte)(forbidden.Length + 4), 0, SecondTable),
        ];
        for (var i = 0; i < forbidden.Length; i++)
            lines.Add((JumpIfEqual, (byte)(forbidden.Length - i + 3), 0, forbidden[i]));
        lines.Add((JumpIfEqual, 0, 2, handlerCall));
        lines.Add((Load, 0, 0, FirstArgumentAt));
        lines.Add((JumpIfEqual, 1, 0, ToolSandbox.CpuSignal));
        lines.Add((Return, 0, 0, Allow));
        lines.Add((Return, 0, 0, Refuse));
        var program = new byte[lines.Count * 8];
        for (var i = 0; i < lines.Count; i++)
        {
            var line = program.AsSpan(i * 8);
            BinaryPrimitives.WriteUInt16LittleEndian(line, lines[i].Code);
            (line[2], line[3]) = (lines[i].Yes, lines[i].No);
            BinaryPrimitives.WriteUInt32LittleEndian(line[4..], lines[i].Value);
        }
        return program;
    }
}

using System.Buffers.Binary;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.UnitTests.Media;

public sealed class SandboxTests
{
    private static readonly SandboxFeatures All = new(["unshare", "--net"], ["setpriv"], ["perl", "x"], ["nice"], true);
    private static readonly ToolSandbox Sandbox = new(1 << 20, TimeSpan.FromSeconds(1.2));

    [Fact]
    public void All_prefixes_precede_the_command_and_limits_precede_dropped_privileges()
        => Assert.Equal("unshare --net prlimit --as=1048576 --cpu=2:32 --fsize=0 --core=0 --nofile=64 nice setpriv perl x tool a",
            string.Join(' ', Sandbox.Wrap(new ToolCommand("tool", ["a"]), All, lowPriority: true)));

    [Fact]
    public void Unavailable_features_are_left_out()
        => Assert.Equal(["tool", "a"],
            Sandbox.Wrap(new ToolCommand("tool", ["a"]), new SandboxFeatures([], [], [], ["nice"], false), lowPriority: false));

    [Fact]
    public void The_report_says_whether_the_network_is_isolated()
    {
        Assert.True(All.BlocksNetwork);
        Assert.StartsWith("no network (a namespace of its own, and no sockets)", All.ToString(), StringComparison.Ordinal);
        Assert.True((All with { Network = [] }).BlocksNetwork);
        Assert.StartsWith("no sockets", (All with { Network = [] }).ToString(), StringComparison.Ordinal);
        Assert.False((All with { Network = [], Calls = [] }).BlocksNetwork);
        Assert.Contains("NOT cut off", (All with { Network = [], Calls = [] }).ToString(), StringComparison.Ordinal);
        Assert.Contains("NOT limited", (All with { HasLimits = false }).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_a_few_environment_variables_are_passed()
    {
        var few = ToolSandbox.Environment(new Dictionary<string, string?>
        {
            ["PATH"] = "/bin", ["ConnectionStrings__Database"] = "secret", ["FFREPORT"] = "file=/x",
        });

        Assert.Equal(["LC_ALL", "MALLOC_ARENA_MAX", "PATH"], few.Keys.Order());
        Assert.Equal("/bin", few["PATH"]);
    }

    [Theory]
    [InlineData(152, true)]
    [InlineData(0, false)]
    [InlineData(137, false)]
    [InlineData(255, false)]
    public void Exceeded_processor_time_is_recognised(int code, bool spent) => Assert.Equal(spent, ToolSandbox.ExceededCpuTime(code));

    [Theory]
    [InlineData(7u, 41u, "refuse")]
    [InlineData(7u, 425u, "refuse")]
    [InlineData(7u, 62u, "refuse")]
    [InlineData(7u, 0u, "allow")]
    [InlineData(7u, 42u, "allow")]
    [InlineData(7u, 0x40000029u, "refuse")]
    [InlineData(8u, 0u, "kill")]
    public void The_filter_refuses_the_forbidden_calls_and_no_others(uint architecture, uint call, string expected)
        => Assert.Equal(expected, Run(CallFilter.Build(7, 13, [41, 425, 62]), architecture, call, 24));

    [Theory]
    [InlineData(13u, 24u, "refuse")]
    [InlineData(13u, 15u, "allow")]
    [InlineData(14u, 24u, "allow")]
    public void The_signal_of_exceeded_processor_time_cannot_be_handled(uint call, uint signal, string expected)
        => Assert.Equal(expected, Run(CallFilter.Build(7, 13, [41, 425, 62]), 7, call, signal));

    /// <summary>Interprets the four instructions of the filter as the kernel does.</summary>
    private static string Run(byte[] program, uint architecture, uint call, uint firstArgument)
    {
        uint value = 0;
        for (var at = 0; ; at++)
        {
            var line = program.AsSpan(at * 8, 8);
            var operand = BinaryPrimitives.ReadUInt32LittleEndian(line[4..]);
            switch (BinaryPrimitives.ReadUInt16LittleEndian(line))
            {
                case 0x20:
                    value = operand switch
                    {
                        0 => call,
                        4 => architecture,
                        16 => firstArgument,
                        _ => throw new InvalidOperationException($"Nothing is read at {operand}."),
                    };
                    break;
                case 0x15:
                    at += value == operand ? line[2] : line[3];
                    break;
                case 0x35:
                    at += value >= operand ? line[2] : line[3];
                    break;
                default:
                    return operand switch { 0x7FFF0000 => "allow", 0x00050001 => "refuse", _ => "kill" };
            }
        }
    }
}

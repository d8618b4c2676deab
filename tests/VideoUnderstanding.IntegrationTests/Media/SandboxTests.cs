using System.Net;
using System.Net.Sockets;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.IntegrationTests.Media;

/// <summary>Restrictions of the sandbox. Where possible, a test shows that the same action works outside it.</summary>
public sealed class SandboxTests : IDisposable
{
    private static readonly ToolLimits Free = new() { Time = TimeSpan.FromSeconds(60) };
    private static readonly ToolLimits Sandboxed = Free with { Sandbox = new ToolSandbox(1L << 30, TimeSpan.FromSeconds(10)) };

    private readonly ClipFolder _clips = new();

    public void Dispose() => _clips.Dispose();

    private static async Task<string> RunAsync(ToolLimits limits, params string[] words)
        => (await ToolProcess.RunAsync(words[0], words[1..], limits, CancellationToken.None)).Text.Trim();

    private static async Task<ToolException> FailAsync(ToolLimits limits, params string[] words)
        => await Assert.ThrowsAsync<ToolException>(() => RunAsync(limits, words));

    [Fact]
    public async Task A_tool_cannot_open_a_network_connection()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        string[] connect = ["bash", "-c", $"exec 3<>/dev/tcp/127.0.0.1/{((IPEndPoint)listener.LocalEndpoint).Port} && echo through"];

        Assert.Equal("through", await RunAsync(Free, connect));
        Assert.Equal(ToolFailure.Failed, (await FailAsync(Sandboxed, connect)).Failure);
    }

    [Fact]
    public async Task A_tool_cannot_connect_to_a_unix_socket()
    {
        var path = _clips["server.socket"];
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        string[] connect = ["perl", "-MIO::Socket::UNIX", "-e", "print IO::Socket::UNIX->new(Peer => $ARGV[0]) ? 'through' : 'refused'",
            path];

        Assert.Equal("through", await RunAsync(Free, connect));
        Assert.Equal("refused", await RunAsync(Sandboxed, connect));
    }

    [Fact]
    public async Task The_system_call_filter_alone_refuses_sockets()
    {
        var calls = SandboxFeatures.OfThisMachine.Calls;
        string[] open = ["perl", "-MSocket", "-e", "print socket(my $s, AF_INET, SOCK_STREAM, 0) ? 'open' : $!"];

        Assert.Equal("open", await RunAsync(Free, open));
        Assert.Equal("Operation not permitted", await RunAsync(Free, [.. calls, .. open]));
    }

    [Fact]
    public async Task A_tool_cannot_write_or_remove_files()
    {
        var (made, kept) = (_clips["made.txt"], _clips["kept.txt"]);
        await File.WriteAllTextAsync(kept, "words");

        await FailAsync(Sandboxed, "sh", "-c", $"echo more >'{made}'");
        await FailAsync(Sandboxed, "sh", "-c", $"echo more >>'{kept}'");
        await FailAsync(Sandboxed, "rm", kept);

        Assert.False(File.Exists(made) && new FileInfo(made).Length > 0);
        Assert.Equal("words", await File.ReadAllTextAsync(kept));
    }

    [Fact]
    public async Task Memory_is_limited()
    {
        string[] allocate = ["perl", "-e", "my $x = 'a' x (2 << 30); print length $x"];

        Assert.StartsWith("Out of memory", (await FailAsync(Sandboxed, allocate)).ErrorTail, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Exceeding_the_processor_time_is_reported_as_a_timeout()
    {
        var limits = Free with { Sandbox = new ToolSandbox(1L << 30, TimeSpan.FromSeconds(1)) };

        // The sandbox prevents FFmpeg from handling SIGXCPU, which FFmpeg would treat like a stop by the user.
        var exception = await FailAsync(limits, "ffmpeg", "-nostdin", "-v", "error", "-threads", "1", "-f", "lavfi", "-i",
            "testsrc2=size=1280x720:rate=60", "-f", "null", "-");

        Assert.Equal(ToolFailure.TimedOut, exception.Failure);
        Assert.Contains("processor time", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tool_gets_no_folder_of_the_server_and_no_secrets()
    {
        var seen = await RunAsync(Sandboxed, "sh", "-c", "pwd; env | cut -d= -f1");

        Assert.Empty(seen.Split('\n')
            .Except(["/", "LC_ALL", "LD_LIBRARY_PATH", "MALLOC_ARENA_MAX", "PATH", "PWD", "OLDPWD", "SHLVL", "_"]));
    }

    [Fact]
    public async Task The_sandbox_keeps_process_id_exit_code_and_error_output()
    {
        await using (var tool = ToolProcess.Start(new ToolCommand("sh", ["-c", "echo $$; exec sleep 65.5"]),
            Sandboxed with { LowPriority = true }))
        {
            using var reader = new StreamReader(tool.Output, leaveOpen: true);
            Assert.Equal(tool.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), await reader.ReadLineAsync());
        }
        var exception = await FailAsync(Sandboxed, "sh", "-c", "echo why >&2; exit 3");

        Assert.True(await ClipFolder.IsGoneAsync("sleep\065.5"));
        Assert.Equal((3, "why"), (exception.ExitCode, exception.ErrorTail.Trim()));
        Assert.Equal(ToolFailure.NotStarted, (await FailAsync(Sandboxed, "no-such-tool-here")).Failure);
    }
}

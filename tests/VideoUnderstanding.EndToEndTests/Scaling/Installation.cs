using VideoUnderstanding.EndToEndTests.Chaos;
using VideoUnderstanding.IntegrationTests.Transfers;

namespace VideoUnderstanding.EndToEndTests.Scaling;

/// <summary>A process of an installation with its machine.</summary>
internal sealed record Member(Machine Machine, ServeProcess Process, bool IsApi);

/// <summary>An installation on separate machines, which are network namespaces: two API processes, three workers, a primary database, its
/// hot standby, and a store.</summary>
internal sealed class Installation : IAsyncDisposable
{
    /// <summary>After this time of silence, other workers take the tasks of a machine.</summary>
    public static readonly TimeSpan LeaseTimeout = TimeSpan.FromSeconds(5);

    private const int Apis = 2;
    private const int Workers = 3;
    private const int Port = 8080;

    /// <summary>Maximum connections of a process. PostgreSQL admits 300 in all.</summary>
    private const int Pool = 30;

    /// <summary>Maximum time until a process is ready. All of them start at once, and share the cores with other work.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(10);

    private readonly Networks _networks;
    private readonly List<Member> _members = [];
    private int _requests;

    private Installation(Networks networks)
    {
        _networks = networks;
        File.SetUnixFileMode(Root, File.GetUnixFileMode(Root) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        Tables = new Tables(() => Primary.ConnectionString(Pool) + ";Pooling=false;Timeout=5;Command Timeout=20");
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("vu-machines-").FullName;

    public MachinePostgres Primary { get; private set; } = null!;

    public MachinePostgres Standby { get; private set; } = null!;

    public ObjectHost Store { get; private set; } = null!;

    public Tables Tables { get; }

    /// <summary>API processes come first.</summary>
    public IReadOnlyList<Member> Members => _members;

    /// <summary>Clients of the API processes.</summary>
    public IReadOnlyList<HttpClient> Clients => [.. _members.Where(member => member.IsApi).Select(member => member.Process.Http)];

    public string OwnAddress => _networks.OwnAddress(Net.Front);

    /// <summary>Returns the clients of the API processes in turn.</summary>
    public HttpClient NextClient() => _members[(int)((uint)Interlocked.Increment(ref _requests) % Apis)].Process.Http;

    public static async Task<Installation> StartAsync(CancellationToken cancellationToken)
    {
        var installation = new Installation(await Networks.CreateAsync());
        try
        {
            await installation.StartAllAsync(cancellationToken);
            return installation;
        }
        catch
        {
            await installation.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops all processes with SIGTERM and starts them again.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(_members.Select(member => member.Process.StopAsync(cancellationToken)));
        foreach (var member in _members)
            member.Process.Start();
        await Task.WhenAll(_members.Select(member => member.Process.WaitUntilReadyAsync(cancellationToken)));
    }

    public bool KeepFolders { get; set; }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, process, _) in _members)
        {
            process.KeepFolder = KeepFolders;
            await process.DisposeAsync();
        }
        if (Store is not null)
            await Store.DisposeAsync();
        if (Standby is not null)
            await Standby.DisposeAsync();
        if (Primary is not null)
            await Primary.DisposeAsync();
        await _networks.DisposeAsync();
        if (!KeepFolders)
            Directory.Delete(Root, recursive: true);
    }

    private async Task StartAllAsync(CancellationToken cancellationToken)
    {
        Primary = await MachinePostgres.StartPrimaryAsync(await _networks.AddMachineAsync("primary", 2, Net.Data),
            Path.Combine(Root, "primary"));
        Standby = await MachinePostgres.StartStandbyAsync(await _networks.AddMachineAsync("standby", 3, Net.Data), Primary,
            Path.Combine(Root, "standby"));
        var store = await _networks.AddMachineAsync("store", 4, Net.Files);
        Store = new ObjectHost { Launcher = store.Launcher, Host = store.AddressIn(Net.Files) };
        await Store.InitializeAsync();
        for (var number = 0; number < Apis + Workers; number++)
            _members.Add(await AddMemberAsync(number));
        await _members[0].Process.StartFirstAsync(cancellationToken);
        foreach (var (_, process, isApi) in _members.Skip(1))
        {
            if (isApi)
                process.Http.DefaultRequestHeaders.Add("x-api-key", _members[0].Process.Http.DefaultRequestHeaders.GetValues("x-api-key"));
            process.Start();
        }
        await Task.WhenAll(_members.Select(member => member.Process.WaitUntilReadyAsync(cancellationToken)));
    }

    private async Task<Member> AddMemberAsync(int number)
    {
        var isApi = number < Apis;
        var name = isApi ? $"api{number + 1}" : $"worker{number - Apis + 1}";
        var machine = await _networks.AddMachineAsync(name, 10 + number, Net.Data, Net.Files, Net.Front);
        string[] settings =
        [
            .. Store.StorageSettings().Select(setting => $"{setting.Key}={setting.Value}"),
            $"ConnectionStrings:Reads={Standby.ConnectionString(Pool)}",
            $"VideoUnderstanding:Server:Role={(isApi ? "api" : "worker")}", $"VideoUnderstanding:Server:Node={name}",
            $"VideoUnderstanding:Indexing:LeaseTimeoutSeconds={LeaseTimeout.TotalSeconds}",
            // The maximum of the setting, because every disturbance can end an attempt.
            "VideoUnderstanding:Indexing:MaxAttempts=20",
            // The smallest part, so that short uploads have several; and a cache that is too small for all videos.
            "VideoUnderstanding:Storage:Bucket:PartMegabytes=5", "VideoUnderstanding:Storage:Bucket:CacheMegabytes=50",
            "VideoUnderstanding:Webhooks:AllowHttp=true", "VideoUnderstanding:Webhooks:TimeoutSeconds=5",
            "VideoUnderstanding:Webhooks:FirstRetryDelaySeconds=1", "VideoUnderstanding:Webhooks:MaxRetryDelaySeconds=5",
        ];
        return new Member(machine, new ServeProcess(machine.Launcher, new Uri($"http://{machine.AddressIn(Net.Front)}:{Port}"),
            Primary.ConnectionString(Pool), null, settings) { StartLimit = StartLimit }, isApi);
    }
}

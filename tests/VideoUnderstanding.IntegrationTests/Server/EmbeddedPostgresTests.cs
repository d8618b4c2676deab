using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Operations.Database;

namespace VideoUnderstanding.IntegrationTests.Server;

public sealed class EmbeddedPostgresTests
{
    /// <summary>Time limit for a stop and a start on a busy machine. The statement, which takes hours, must not delay them.</summary>
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_second_start_finds_the_data_of_the_first()
    {
        await using var folder = new DataFolder();
        await using (var first = await folder.StartAsync())
            await WriteAsync(first, "kept");
        Assert.Null(new ClusterFolder(folder.Path).Running());

        await using var second = await folder.StartAsync();
        Assert.Equal("kept", await ReadAsync(second));
    }

    [Fact]
    public async Task A_killed_database_is_started_again_with_its_data()
    {
        await using var folder = new DataFolder();
        await using var postgres = await folder.StartAsync();
        await WriteAsync(postgres, "kept");
        var killed = postgres.ProcessId!.Value;
        await DataFolder.KillAsync(killed);

        Assert.True(await postgres.EnsureRunningAsync(CancellationToken.None));
        Assert.NotEqual(killed, postgres.ProcessId);
        Assert.Equal("kept", await ReadAsync(postgres));
    }

    [Fact]
    public async Task A_database_whose_server_was_killed_is_adopted()
    {
        await using var folder = new DataFolder();
        var (orphan, mark) = await folder.StartForKillAsync();
        var process = orphan.ProcessId;
        mark.Dispose();

        await using var adopter = await folder.StartAsync();
        Assert.Equal(process, adopter.ProcessId);
        Assert.False(await adopter.EnsureRunningAsync(CancellationToken.None));
    }

    /// <summary>PostgreSQL's trigram functions do not check for interrupts.</summary>
    [Fact]
    public async Task A_statement_that_cannot_be_interrupted_delays_neither_the_stop_nor_the_next_start()
    {
        await using var folder = new DataFolder();
        var first = await folder.StartAsync();
        await WriteAsync(first, "kept");
        await using var stuck = DataFolder.Open(first);
        stuck.Database.SetCommandTimeout(0);
        var statement = stuck.Database.ExecuteSqlAsync($"SELECT word_similarity('ask', repeat('ask ', 4000000))");
        await Task.Delay(TimeSpan.FromSeconds(2));
        Assert.False(statement.IsCompleted);

        var since = TimeProvider.System.GetTimestamp();
        await first.DisposeAsync();
        await using var second = await folder.StartAsync();

        Assert.InRange(TimeProvider.System.GetElapsedTime(since), TimeSpan.Zero, TimeLimit);
        Assert.Equal("kept", await ReadAsync(second));
        await Assert.ThrowsAnyAsync<Exception>(() => statement);
    }

    [Fact]
    public async Task A_database_that_a_killed_server_was_stopping_is_started_again()
    {
        await using var folder = new DataFolder();
        var (first, mark) = await folder.StartForKillAsync();
        await WriteAsync(first, "kept");
        await using var stuck = DataFolder.Open(first);
        stuck.Database.SetCommandTimeout(0);
        var statement = stuck.Database.ExecuteSqlAsync($"SELECT word_similarity('ask', repeat('ask ', 4000000))");
        await Task.Delay(TimeSpan.FromSeconds(2));
        await VideoUnderstanding.Media.Tools.ToolProcess.RunAsync("kill", ["-INT", $"{first.ProcessId}"], new(), CancellationToken.None);
        while (new ClusterFolder(folder.Path).Running() is { IsStopping: false })
            await Task.Delay(TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken);
        mark.Dispose();

        var since = TimeProvider.System.GetTimestamp();
        await using var second = await folder.StartAsync();

        Assert.InRange(TimeProvider.System.GetElapsedTime(since), TimeSpan.Zero, TimeLimit);
        Assert.Equal("kept", await ReadAsync(second));
        await Assert.ThrowsAnyAsync<Exception>(() => statement);
    }

    [Fact]
    public async Task A_second_server_on_the_same_folder_is_refused_with_a_message()
    {
        await using var folder = new DataFolder();
        await using var first = await folder.StartAsync();

        var refusal = await Assert.ThrowsAsync<DatabaseUnavailableException>(folder.StartAsync);
        Assert.Contains("Another server is using the data folder", refusal.Message, StringComparison.Ordinal);
        Assert.NotNull(first.ProcessId);
    }

    [Fact]
    public async Task A_server_waits_for_a_verb_that_uses_the_folder_briefly()
    {
        await using var folder = new DataFolder();
        var verb = DataFolderLock.TryTake(folder.Path)!;
        var server = folder.StartAsync();
        Assert.False(server.IsCompleted);
        verb.Dispose();
        await using var started = await server;
        Assert.NotNull(started.ProcessId);
    }

    [Fact]
    public async Task Two_servers_with_separate_folders_run_at_the_same_time()
    {
        await using DataFolder left = new(), right = new();
        await using var first = await left.StartAsync();
        await using var second = await right.StartAsync();
        await WriteAsync(first, "left");
        await WriteAsync(second, "right");

        Assert.Equal("left", await ReadAsync(first));
        Assert.Equal("right", await ReadAsync(second));
    }

    [Fact]
    public async Task A_path_that_is_too_long_for_a_socket_is_supported()
    {
        await using var folder = new DataFolder(string.Join('/', Enumerable.Repeat("a rather long name", 6)));
        await using var postgres = await folder.StartAsync();
        await WriteAsync(postgres, "reached");

        Assert.Equal("reached", await ReadAsync(postgres));
        Directory.Delete(new ClusterFolder(folder.Path).SocketFolder, recursive: true);
    }

    [Fact]
    public async Task An_inaccessible_parent_folder_is_supported_and_keeps_its_permissions()
    {
        await using var folder = new DataFolder("closed/data");
        var closed = Path.Combine(folder.Root, "closed");
        File.SetUnixFileMode(closed, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        await using var postgres = await folder.StartAsync();
        await WriteAsync(postgres, "passed");

        Assert.Equal("passed", await ReadAsync(postgres));
        Assert.False(File.GetUnixFileMode(closed).HasFlag(UnixFileMode.OtherExecute));
    }

    [Fact]
    public async Task An_old_pid_file_with_the_id_of_another_process_does_not_prevent_the_start()
    {
        await using var folder = new DataFolder();
        await using (var first = await folder.StartAsync())
            await WriteAsync(first, "kept");
        var pidFile = Path.Combine(folder.Path, "postgres", "postmaster.pid");
        await File.WriteAllLinesAsync(pidFile,
            [$"{Environment.ProcessId}", Path.Combine(folder.Path, "postgres"), "1", "5432", folder.Path, "", "1 1", "ready"]);

        await using var second = await folder.StartAsync();
        Assert.Equal("kept", await ReadAsync(second));
    }

    [Fact]
    public async Task An_unfinished_cluster_is_created_again()
    {
        await using var folder = new DataFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "postgres.new", "base"));

        await using var postgres = await folder.StartAsync();
        await WriteAsync(postgres, "made");
        Assert.Equal("made", await ReadAsync(postgres));
    }

    [Fact]
    public async Task Data_of_a_version_that_is_not_installed_is_not_changed()
    {
        await using var folder = new DataFolder("");
        Directory.CreateDirectory(Path.Combine(folder.Path, "postgres"));
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "postgres", "PG_VERSION"), "9\n");

        var refusal = await Assert.ThrowsAsync<DatabaseUnavailableException>(folder.StartAsync);
        Assert.Contains("written by PostgreSQL 9", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("9\n", await File.ReadAllTextAsync(Path.Combine(folder.Path, "postgres", "PG_VERSION")));
    }

    [Fact]
    public async Task The_database_listens_on_the_socket_only_and_requires_the_password()
    {
        await using var folder = new DataFolder();
        await using var postgres = await folder.StartAsync();
        await using var db = DataFolder.Open(postgres);
        await DatabaseSetup.MigrateAsync(db, CancellationToken.None);

        Assert.Equal("", await db.Database.SqlQuery<string>($"SELECT current_setting('listen_addresses') AS \"Value\"").SingleAsync());
        Assert.Empty(
            await db.Database.SqlQuery<string>(
                $"SELECT auth_method AS \"Value\" FROM pg_hba_file_rules WHERE auth_method <> 'scram-sha-256'").ToListAsync());
    }

    private static async Task WriteAsync(EmbeddedPostgres postgres, string text)
    {
        await using var db = DataFolder.Open(postgres);
        await DatabaseSetup.MigrateAsync(db, CancellationToken.None);
        await db.Database.ExecuteSqlAsync($"CREATE TABLE IF NOT EXISTS notes (note text)");
        await db.Database.ExecuteSqlAsync($"INSERT INTO notes VALUES ({text})");
    }

    private static async Task<string> ReadAsync(EmbeddedPostgres postgres)
    {
        await using var db = DataFolder.Open(postgres);
        return await db.Database.SqlQuery<string>($"SELECT note AS \"Value\" FROM notes").SingleAsync();
    }
}

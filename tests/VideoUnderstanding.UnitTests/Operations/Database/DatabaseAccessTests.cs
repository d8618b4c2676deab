using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using VideoUnderstanding.Operations.Database;

namespace VideoUnderstanding.UnitTests.Operations.Database;

public sealed class DatabaseAccessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vu-access-").FullName;

    [Fact]
    public async Task A_restore_interrupted_while_a_server_waits_keeps_the_server_from_starting()
    {
        Task<DatabaseAccess> opening;
        using (DataFolderLock.TryTake(_folder)!)
        {
            opening = DatabaseAccess.OpenForServerAsync(Settings("ConnectionStrings:Database", "Host=nowhere"), NullLogger.Instance,
                TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(Path.Combine(_folder, "restore.unfinished"), "", TestContext.Current.CancellationToken);
        }

        var refusal = await Assert.ThrowsAsync<DatabaseUnavailableException>(() => opening);

        Assert.Contains("was interrupted", refusal.Message, StringComparison.Ordinal);
        // The folder is free again.
        using var free = DataFolderLock.TryTake(_folder);
        Assert.NotNull(free);
    }

    [Fact]
    public async Task Wrong_settings_of_the_database_release_the_folder()
    {
        var refusal = await Assert.ThrowsAsync<DatabaseUnavailableException>(
            () => DatabaseAccess.OpenAsync(Settings("VideoUnderstanding:EmbeddedDatabase:MaxConnections", "1"), NullLogger.Instance,
                TestContext.Current.CancellationToken));
        Assert.Contains("MaxConnections", refusal.Message, StringComparison.Ordinal);
        using var free = DataFolderLock.TryTake(_folder);
        Assert.NotNull(free);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private IConfiguration Settings(string name, string value)
        => new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["VideoUnderstanding:DataFolder"] = _folder,
            [name] = value,
        }).Build();
}

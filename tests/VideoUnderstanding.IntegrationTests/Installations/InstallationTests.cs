using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Installations;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Installations;

/// <summary>The identifier and the keys of an installation. They are in the database, so all servers of one database share them.</summary>
public sealed class InstallationTests(DatabaseTemplate template)
{
    [Fact]
    public async Task Servers_on_one_database_have_one_identity()
    {
        await using var database = await template.CopyAsync();
        using var together = new Barrier(4);
        var servers = Enumerable.Range(0, 4).Select(_ => new ServerProcess(database)).ToList();

        var found = await Task.WhenAll(servers.Select(server => Task.Run(() =>
        {
            together.SignalAndWait();
            return (server.Identity.Id, server.Identity.Sign("text"));
        })));

        Assert.Single(found.Distinct());
        Assert.Matches("^[0-9a-f]{24}$", found[0].Id);
        Assert.True(servers[0].Identity.IsSignature(found[0].Item2, "text"));
        Assert.False(servers[0].Identity.IsSignature(found[0].Item2, "text "));
        await using var db = database.Open();
        Assert.Equal(found[0].Id, (await db.Installations.SingleAsync()).Id);
        servers.ForEach(server => server.Dispose());
    }

    [Fact]
    public async Task Another_installation_has_another_key()
    {
        await using var one = await template.CopyAsync();
        await using var two = await template.CopyAsync();
        using var first = new ServerProcess(one);
        using var second = new ServerProcess(two);
        Assert.NotEqual(first.Identity.Sign("text"), second.Identity.Sign("text"));
        Assert.NotEqual(first.Identity.Id, second.Identity.Id);
    }

    [Fact]
    public async Task Cookie_keys_are_stored_in_the_database_and_never_replaced()
    {
        await using var server = await TestServer.StartAsync(template, new Dictionary<string, string?>());
        var keys = server.Services.GetRequiredService<IOptions<KeyManagementOptions>>().Value.XmlRepository!;

        keys.StoreElement(new XElement("key", new XAttribute("id", "first")), "key-first");
        keys.StoreElement(new XElement("key", new XAttribute("id", "second")), "key-second");
        keys.StoreElement(new XElement("key", new XAttribute("id", "third")), "key-first");

        Assert.Equal(["first", "second"], keys.GetAllElements().Select(key => key.Attribute("id")?.Value));
        await using var db = server.Database.Open();
        Assert.Equal(2, await db.DataProtectionKeys.CountAsync());
    }

    [Fact]
    public async Task All_servers_of_a_database_must_use_the_store_that_the_first_server_marked()
    {
        await using var database = await template.CopyAsync();
        using var first = new ServerProcess(database);
        using var other = new ServerProcess(database);

        Assert.Null(await first.ClaimAsync());
        Assert.Null(await first.ClaimAsync());
        var refusal = await other.ClaimAsync();

        Assert.Contains($"The files of this installation are in the folder {first.PathOf("")}".TrimEnd('/'), refusal,
            StringComparison.Ordinal);
        Assert.Contains($"configured to use the folder {other.PathOf("")}".TrimEnd('/'), refusal, StringComparison.Ordinal);
        Assert.False(File.Exists(other.PathOf("installation")));
        // Simulates that an operator moved the files, including the marker file.
        File.Copy(first.PathOf("installation"), other.PathOf("installation"));
        Assert.Null(await other.ClaimAsync());
    }

    [Fact]
    public async Task The_store_of_another_installation_is_refused()
    {
        await using var one = await template.CopyAsync();
        await using var two = await template.CopyAsync();
        using var first = new ServerProcess(one);
        using var second = new ServerProcess(two);
        Assert.Null(await first.ClaimAsync());
        File.Copy(first.PathOf("installation"), second.PathOf("installation"));

        Assert.Contains($"belong to another installation ({first.Identity.Id})", await second.ClaimAsync(), StringComparison.Ordinal);
        await using var db = two.Open();
        Assert.Null((await db.Installations.SingleAsync()).Store);
    }

    [Fact]
    public async Task Only_one_of_several_servers_with_separate_folders_can_claim_the_store()
    {
        await using var database = await template.CopyAsync();
        var servers = Enumerable.Range(0, 4).Select(_ => new ServerProcess(database)).ToList();
        var refusals = await Task.WhenAll(servers.Select(server => Task.Run(server.ClaimAsync)));
        Assert.Single(refusals, refusal => refusal is null);
        servers.ForEach(server => server.Dispose());
    }

    /// <summary>A server process with its own data folder, reduced to the services for the identity of the installation.</summary>
    private sealed class ServerProcess : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("vu-machine-").FullName;
        private readonly ServiceProvider _services;

        public ServerProcess(TestDatabase database)
        {
            var services = new ServiceCollection();
            services.AddDbContext<VideoDbContext>(options => options.UseVideoDatabase(database.ConnectionString));
            services.AddSingleton(new DataFolder(Options.Create(new StorageOptions { DataFolder = _folder })));
            services.AddSingleton(TimeProvider.System);
            services.AddSingleton<InstallationIdentity>();
            services.AddSingleton(Options.Create(new BucketOptions()));
            services.AddSingleton<IFileStore, FolderStore>();
            services.AddScoped<StoreOwnership>();
            _services = services.BuildServiceProvider();
        }

        public InstallationIdentity Identity => _services.GetRequiredService<InstallationIdentity>();

        public async Task<string?> ClaimAsync()
        {
            await using var scope = _services.CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<StoreOwnership>().ClaimAsync(CancellationToken.None);
        }

        public string PathOf(string name) => Path.Combine(_folder, name);

        public void Dispose()
        {
            _services.Dispose();
            Directory.Delete(_folder, recursive: true);
        }
    }
}

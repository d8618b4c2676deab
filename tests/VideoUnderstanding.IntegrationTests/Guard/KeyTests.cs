using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.Data.Accounts;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Guard;

/// <summary>Creation, regeneration and expiry of keys in a running server.</summary>
public sealed class KeyTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task A_regenerated_key_replaces_the_old_one_immediately()
    {
        var (old, oldSecret) = await KeysAsync(keys => keys.CreateAsync("laptop", CancellationToken.None));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(oldSecret));

        var (regenerated, secret) = Assert.NotNull(await KeysAsync(keys => keys.RegenerateAsync(old.Prefix, CancellationToken.None)));

        Assert.Equal(("laptop", old.AccountId), (regenerated.Name, regenerated.AccountId));
        Assert.NotEqual(oldSecret, secret);
        Assert.Equal(regenerated.CreatedAt.AddMonths(2), regenerated.ExpiresAt);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(secret));
        using var client = server.CreateClient(withKey: false);
        client.DefaultRequestHeaders.Add("x-api-key", oldSecret);
        await client.GetAsync("/v1.1/indexes").ErrorAsync(HttpStatusCode.Unauthorized, "api_key_invalid");
    }

    [Fact]
    public async Task A_key_is_valid_until_the_end_of_its_two_months()
    {
        await using var aging = await TestServer.StartAsync(server.Template, new Dictionary<string, string?>());
        await using var db = aging.Database.Open();
        var ends = await db.ApiKeys.Select(key => key.ExpiresAt).SingleAsync();
        using var client = aging.CreateClient();

        aging.Clock.SetUtcNow(ends.AddSeconds(-1));
        await client.GetAsync("/v1.1/indexes").JsonAsync();
        aging.Clock.SetUtcNow(ends);
        await client.GetAsync("/v1.1/indexes").ErrorAsync(HttpStatusCode.Unauthorized, "api_key_invalid");
    }

    [Fact]
    public async Task The_lifetime_of_new_keys_is_a_setting()
    {
        await using var longLived = await TestServer.StartAsync(server.Template,
            new Dictionary<string, string?> { ["VideoUnderstanding:Keys:LifeMonths"] = "12" });
        await using var db = longLived.Database.Open();
        var key = await db.ApiKeys.SingleAsync();
        Assert.Equal(key.CreatedAt.AddMonths(12), key.ExpiresAt);
    }

    [Fact]
    public async Task Only_the_hash_of_a_key_is_in_the_database()
    {
        var (key, secret) = await KeysAsync(keys => keys.CreateAsync("hashed", CancellationToken.None));
        await using var db = server.Database.Open();
        var row = await db.Database.SqlQuery<string>($"SELECT row_to_json(api_keys)::text AS \"Value\" FROM api_keys WHERE id = {key.Id}")
            .SingleAsync();
        Assert.DoesNotContain(secret[ApiKeySecret.PrefixLength..], row, StringComparison.Ordinal);
        Assert.Contains(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(secret))),
            row, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_of_another_account_gives_access_to_that_account()
    {
        var (key, secret) = await KeysAsync(keys => keys.CreateAsync("guest", "studio", CancellationToken.None));
        Assert.NotEqual(server.AccountId, key.AccountId);
        var index = await server.AddIndexAsync("studio's", accountId: key.AccountId);
        using var client = server.CreateClient(withKey: false);
        client.DefaultRequestHeaders.Add("x-api-key", secret);
        Assert.Equal([index.Id], (await client.GetAsync("/v1.1/indexes").JsonAsync()).Data().Select(row => row.Id()));
    }

    [Theory]
    [InlineData("tlk_")]
    [InlineData("' OR 1=1 --")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task An_invalid_key_is_refused(string secret) => Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(secret));

    [Fact]
    public async Task Several_keys_in_one_request_are_refused()
    {
        using var client = server.CreateClient();
        client.DefaultRequestHeaders.Add("x-api-key", "tlk_ANOTHER");
        await client.GetAsync("/v1.1/indexes").ErrorAsync(HttpStatusCode.Unauthorized, "api_key_invalid");
    }

    private async Task<HttpStatusCode> StatusAsync(string secret)
    {
        using var client = server.CreateClient(withKey: false);
        client.DefaultRequestHeaders.Add("x-api-key", secret);
        using var response = await client.GetAsync("/v1.1/indexes");
        return response.StatusCode;
    }

    private async Task<T> KeysAsync<T>(Func<ApiKeyStore, Task<T>> work)
    {
        await using var scope = server.Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<ApiKeyStore>());
    }
}

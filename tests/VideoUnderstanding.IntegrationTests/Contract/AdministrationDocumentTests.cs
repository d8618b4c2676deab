using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Contract;

/// <summary>Compares the administration API in the published document with the routes of the server.</summary>
public sealed class AdministrationDocumentTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task Every_route_of_the_administration_is_published_and_nothing_else()
    {
        var routes = from endpoint in server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
                     let path = "/" + endpoint.RoutePattern.RawText!.Trim('/')
                     where path.StartsWith(DocumentFile.Administration, StringComparison.Ordinal)
                     from method in endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods
                     select $"{method.ToLowerInvariant()} {path.Replace("webhookId", "webhook-id").Replace("eventId", "event-id")
                         .Replace("logoId", "logo-id")}";

        var published = (await DocumentFile.OfServerAsync(server)).AdministrationOperations();

        Assert.Equal(17, published.Count);
        Assert.Equal(routes.Order(), published.Keys.Order());
    }

    [Fact]
    public async Task The_administration_has_its_own_tags_and_the_root_of_the_server()
    {
        var document = await DocumentFile.OfServerAsync(server);
        Assert.Equal(["Logo gallery", "Webhooks"],
            document.AdministrationOperations().Values.Select(operation => operation.Tag).Distinct().Order());
        Assert.Empty(document.Operations().Values.Select(operation => operation.Tag).Intersect(["Logo gallery", "Webhooks"]));
        Assert.All(document.Root["paths"]!.AsObject()
            .Where(path => path.Key.StartsWith(DocumentFile.Administration, StringComparison.Ordinal)),
            path => Assert.Equal(server.Address, new Uri((string)path.Value!["servers"]![0]!["url"]!)));
    }

    [Fact]
    public async Task Every_operation_of_the_administration_needs_a_key_and_describes_its_response()
        => Assert.All((await DocumentFile.OfServerAsync(server)).AdministrationOperations().Values, operation =>
        {
            Assert.Contains(401, operation.Statuses);
            Assert.Contains(operation.Statuses, status => status is 200 or 201 or 202 or 204);
            Assert.NotEqual(operation.Id, operation.Tag);
        });
}

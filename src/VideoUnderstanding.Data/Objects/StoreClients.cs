using System.Collections.Concurrent;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;

namespace VideoUnderstanding.Data.Objects;

/// <summary>One client of S3 for each integration, made when it is first needed. All of them connect only through the given way.</summary>
internal sealed class StoreClients(ConnectToStore connect) : IDisposable
{
    private const int Retries = 2;

    private readonly ConcurrentDictionary<string, Lazy<AmazonS3Client>> _clients = [];
    private readonly ConcurrentBag<HttpClient> _connections = [];

    public AmazonS3Client Of(string name, ObjectIntegrationOptions integration)
        => _clients.GetOrAdd(name, _ => new Lazy<AmazonS3Client>(() => Create(integration))).Value;

    public void Dispose()
    {
        foreach (var client in _clients.Values.Where(client => client.IsValueCreated))
            client.Value.Dispose();
        foreach (var connection in _connections)
            connection.Dispose();
    }

    /// <param name="http">Sends all requests. The caller disposes it after the client.</param>
    public static AmazonS3Client Create(ObjectEndpointOptions options, bool isAnonymous, HttpClient http)
    {
        var config = new AmazonS3Config
        {
            HttpClientFactory = new OneHttpClient(http),
            ForcePathStyle = options.PathStyle,
            // Only the settings say where requests go.
            IgnoreConfiguredEndpointUrls = true,
            MaxErrorRetry = Retries,
            Timeout = http.Timeout,
            // Not every compatible store knows the newer checksums; the transport tells whether all bytes came.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (options.Endpoint is { Length: > 0 } endpoint)
            (config.ServiceURL, config.AuthenticationRegion) = (endpoint, options.Region);
        else
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        if (isAnonymous)
            return new AmazonS3Client(new AnonymousAWSCredentials(), config);
        return string.IsNullOrEmpty(options.AccessKey)
            ? new AmazonS3Client(config)
            : new AmazonS3Client(new BasicAWSCredentials(options.AccessKey, options.SecretKey), config);
    }

    private AmazonS3Client Create(ObjectIntegrationOptions integration)
    {
        // Whoever fetches watches over the time.
        var http = new HttpClient(Handler(integration)) { Timeout = Timeout.InfiniteTimeSpan };
        _connections.Add(http);
        return Create(integration, integration.Anonymous, http);
    }

    private SocketsHttpHandler Handler(ObjectIntegrationOptions integration) => new()
    {
        ConnectCallback = (context, cancellationToken) => connect(integration, context, cancellationToken),
        // A proxy would resolve the name itself, out of reach of the check.
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
    };

    private sealed class OneHttpClient(HttpClient client) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => client;

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;
    }
}

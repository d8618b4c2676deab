using System.Collections.Concurrent;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;

namespace VideoUnderstanding.Data.Objects;

/// <summary>Creates S3 clients: one per integration of the settings, created on first use, and one per use of a connected bucket. All
/// connect through the given callback.</summary>
internal sealed class StoreClients(ConnectToStore connect) : IDisposable
{
    private const int Retries = 2;

    private readonly ConcurrentDictionary<string, Lazy<StoreClient>> _clients = [];

    public AmazonS3Client Of(string name, ObjectIntegrationOptions integration)
        => _clients.GetOrAdd(name, _ => new Lazy<StoreClient>(() => Create(integration, Handler(integration)))).Value.S3;

    public void Dispose()
    {
        foreach (var client in _clients.Values.Where(client => client.IsValueCreated))
            client.Value.Dispose();
    }

    /// <summary>Creates a client for a bucket that a user has connected.</summary>
    /// <param name="maxBytes">Maximum size of a response in bytes; null for no limit.</param>
    public StoreClient CreateForUser(ObjectIntegrationOptions integration, long? maxBytes)
        => Create(integration, new UntrustedResponseHandler(Handler(integration), maxBytes));

    private static StoreClient Create(ObjectIntegrationOptions integration, HttpMessageHandler handler)
    {
        // Callers enforce their own timeouts.
        var http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        return new StoreClient(Create(integration, integration.Anonymous, http), http);
    }

    /// <param name="http">Sends all requests. The caller must dispose it after the client.</param>
    public static AmazonS3Client Create(ObjectEndpointOptions options, bool isAnonymous, HttpClient http)
    {
        var config = new AmazonS3Config
        {
            HttpClientFactory = new SingleHttpClientFactory(http),
            ForcePathStyle = options.PathStyle,
            // Ignores endpoints from the environment.
            IgnoreConfiguredEndpointUrls = true,
            MaxErrorRetry = Retries,
            Timeout = http.Timeout,
            // Not all compatible stores support the newer checksums; the transport detects incomplete transfers.
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

    private SocketsHttpHandler Handler(ObjectIntegrationOptions integration) => new()
    {
        ConnectCallback = (context, cancellationToken) => connect(integration, context, cancellationToken),
        // A proxy would resolve the name itself, without the check.
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
    };

    /// <summary>Protects against untrusted stores: removes redirects and limits the size of lists and errors.</summary>
    private sealed class UntrustedResponseHandler(HttpMessageHandler inner, long? maxBytes) : DelegatingHandler(inner)
    {
        private const long MaxErrorBytes = 1024 * 1024;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            response.Headers.Location = null;
            try
            {
                // The client library reads the whole body of an error into memory.
                if ((response.IsSuccessStatusCode ? maxBytes : MaxErrorBytes) is { } most)
                    await response.Content.LoadIntoBufferAsync(most, cancellationToken);
                return response;
            }
            catch
            {
                response.Dispose();
                throw;
            }
        }
    }

    private sealed class SingleHttpClientFactory(HttpClient client) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => client;

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;
    }
}

/// <summary>An S3 client with its connections.</summary>
internal sealed class StoreClient(AmazonS3Client s3, HttpClient http) : IDisposable
{
    public AmazonS3Client S3 => s3;

    public void Dispose()
    {
        s3.Dispose();
        http.Dispose();
    }
}

using System.Collections.Concurrent;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;

namespace VideoUnderstanding.Data.Objects;

/// <summary>Clients of S3: one for each integration of the settings, made when it is first needed, and one for each use of a connected
/// bucket. All of them connect only through the given way.</summary>
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

    /// <summary>For a bucket that a user has connected.</summary>
    /// <param name="maxBytes">Longer answers are refused; null for no limit.</param>
    public StoreClient CreateOwn(ObjectIntegrationOptions integration, long? maxBytes)
        => Create(integration, new ForeignAnswers(Handler(integration), maxBytes));

    private static StoreClient Create(ObjectIntegrationOptions integration, HttpMessageHandler handler)
    {
        // The caller of the client limits the time.
        var http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        return new StoreClient(Create(integration, integration.Anonymous, http), http);
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

    private SocketsHttpHandler Handler(ObjectIntegrationOptions integration) => new()
    {
        ConnectCallback = (context, cancellationToken) => connect(integration, context, cancellationToken),
        // A proxy would resolve the name itself, out of reach of the check.
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
    };

    /// <summary>The store may be anybody's: it cannot send requests elsewhere, and its lists and errors are bounded.</summary>
    private sealed class ForeignAnswers(HttpMessageHandler inner, long? maxBytes) : DelegatingHandler(inner)
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

    private sealed class OneHttpClient(HttpClient client) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => client;

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;
    }
}

/// <summary>A client of S3 with its connections.</summary>
internal sealed class StoreClient(AmazonS3Client s3, HttpClient http) : IDisposable
{
    public AmazonS3Client S3 => s3;

    public void Dispose()
    {
        s3.Dispose();
        http.Dispose();
    }
}

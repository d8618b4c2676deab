using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Mcp;

/// <summary>Serves tools for assistants with the Model Context Protocol over streamable HTTP, without sessions. docs/mcp.md.</summary>
public static class McpEndpoint
{
    public const string Path = "/mcp";

    private const string Instructions = "Finds moments in videos by what is seen, said and written in them. Begin with list_indexes; "
        + "search_videos searches one index and returns moments with the id of their video. All times are seconds from the start of the "
        + "video. For the words of a video use get_transcript and get_screen_text, for an interval describe_moment, and for a picture "
        + "get_thumbnail.";

    public static IHostApplicationBuilder AddMcp(this IHostApplicationBuilder builder)
    {
        var json = new JsonSerializerOptions { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };
        WireJson.Configure(json);
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddMcpServer(options =>
        {
            options.ServerInfo = new Implementation { Name = "video-understanding", Version = ApiErrorMiddleware.Version };
            options.ServerInstructions = Instructions;
        }).WithHttpTransport(transport => transport.SessionMode = ModelContextProtocol.AspNetCore.HttpServerSessionMode.Stateless)
            .WithTools<LibraryTools>(json)
            .WithTools<VideoTools>(json)
            .WithRequestFilters(filters => filters.AddCallToolFilter(HandleErrors));
        return builder;
    }

    /// <summary>Bearer tokens are accepted, because many assistants can send no other header.</summary>
    public static void MapMcpTools(this WebApplication app)
        => app.MapMcp(Path).WithMetadata(new ApiKeyRequired { AllowsBearer = true });

    /// <summary>Checks the arguments against the schema of the tool, and converts exceptions to error results.</summary>
    private static McpRequestHandler<CallToolRequestParams, CallToolResult> HandleErrors(
        McpRequestHandler<CallToolRequestParams, CallToolResult> next) => async (request, cancellationToken) =>
    {
        try
        {
            if (request.MatchedPrimitive is McpServerTool tool)
                CheckArguments(tool.ProtocolTool.InputSchema, request.Params?.Arguments);
            return await next(request, cancellationToken);
        }
        catch (JsonException)
        {
            return Failure(ApiError.BodyInvalid("An argument has another type than the input schema of the tool says."));
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            var failures = request.Services!.GetRequiredService<FailureErrors>();
            return Failure(failures.ToApiError(failure, $"The tool {request.Params?.Name}"));
        }
    };

    /// <exception cref="ApiException">An argument is missing or unknown, or has a text that the database cannot store.</exception>
    private static void CheckArguments(JsonElement schema, IDictionary<string, JsonElement>? arguments)
    {
        arguments ??= new Dictionary<string, JsonElement>();
        string[] known = schema.TryGetProperty("properties", out var properties) ? [.. properties.EnumerateObject().Select(one => one.Name)]
            : [];
        if (arguments.Keys.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
            throw new ApiException(ApiError.Unknown(unknown, known));
        string[] required = schema.TryGetProperty("required", out var names) ? [.. names.EnumerateArray().Select(name => name.GetString()!)]
            : [];
        if (required.Except(arguments.Keys).ToArray() is { Length: > 0 } missing)
            throw new ApiException(ApiError.Missing(missing));
        foreach (var (name, value) in arguments)
            JsonDocuments.CheckTexts(value, name);
    }

    private static CallToolResult Failure(ApiError error)
        => new() { IsError = true, Content = [new TextContentBlock { Text = error.Message }] };
}

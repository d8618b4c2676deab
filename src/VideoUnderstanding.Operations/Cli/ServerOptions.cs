using System.CommandLine;

namespace VideoUnderstanding.Operations.Cli;

/// <summary>Options that choose the server and the API key of a verb. The server may run on another machine, so these verbs do not use the
/// data folder.</summary>
internal sealed class ServerOptions
{
    public const string ServerName = "--server";

    private const string KeyName = "--key";
    private const string ServerVariable = "VU_SERVER";
    private const string KeyVariable = "VU_KEY";
    private const string DefaultServer = "http://127.0.0.1:8080";

    private readonly Option<string?> _server = new(ServerName)
    {
        Description = $"Address of the server. Default: the variable {ServerVariable}, or {DefaultServer}.", HelpName = "URL",
    };

    private readonly Option<string?> _key = new(KeyName)
    {
        Description = $"API key. Default: the variable {KeyVariable}, which other users of the machine cannot see.", HelpName = "KEY",
    };

    public ServerOptions(Command command)
    {
        command.Add(_server);
        command.Add(_key);
    }

    /// <exception cref="CommandFailure">The key is missing, or the address is invalid.</exception>
    public ServerClient Client(ParseResult parsed)
    {
        var address = parsed.GetValue(_server) ?? Variable(ServerVariable) ?? DefaultServer;
        if (!Uri.TryCreate(address, UriKind.Absolute, out var server) || server.Scheme is not ("http" or "https"))
            throw new CommandFailure($"{address} is not an address of a server. Example: {DefaultServer}.");
        var key = parsed.GetValue(_key) ?? Variable(KeyVariable) ?? throw new CommandFailure(
            $"There is no API key. Give {KeyName} KEY or set the variable {KeyVariable}. ./vu keys create --name NAME creates a key.");
        return new ServerClient(server, key);
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}

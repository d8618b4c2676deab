using System.Reflection;

namespace VideoUnderstanding.Server.App.Operator;

internal static class ServerVersion
{
    public static string Text { get; } = typeof(ServerVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
        ?.InformationalVersion ?? "";
}

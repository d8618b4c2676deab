using System.CommandLine;
using VideoUnderstanding.Operations.Users;

namespace VideoUnderstanding.Operations.Cli;

/// <summary><c>vu dashboard</c>: manages access to the web app without a browser.</summary>
public static class DashboardCommand
{
    public static Command Create(IReadOnlyList<string> settings)
        => new("dashboard", "Manages access to the web app. Works while the server runs and while it does not.")
        {
            PasswordVerb(settings),
        };

    private static Command PasswordVerb(IReadOnlyList<string> settings)
    {
        var command = new Command("password",
            $"Sets the password of the administrator \"{UserStore.AdministratorName}\", read from the terminal or standard input. "
                + "Ends the sessions that used the earlier password.");
        command.SetAction((_, cancellationToken) => DatabaseVerb.RunAsync(settings,
            builder => builder.Services.AddScoped<UserStore>(), async services =>
            {
                try
                {
                    await services.GetRequiredService<UserStore>().SetAdministratorPasswordAsync(Ask(), cancellationToken);
                }
                catch (ArgumentException refused)
                {
                    throw new CommandFailure(refused.Message);
                }
                Console.WriteLine($"Sign in to the web app as {UserStore.AdministratorName} with the new password.");
                return 0;
            }, cancellationToken));
        return command;
    }

    private static string Ask()
    {
        if (Console.IsInputRedirected)
            return Terminal.AskHidden("");
        var first = Terminal.AskHidden("New password: ");
        return Terminal.AskHidden("Once more:    ") == first ? first : throw new CommandFailure("The two passwords differ.");
    }
}

using System.CommandLine;
using System.Text;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Server.Dashboard;

namespace VideoUnderstanding.Server.Cli;

/// <summary><c>vu dashboard</c>: opens and closes the pages for the operator.</summary>
public static class DashboardCommand
{
    public static Command Create() => new("dashboard", "Opens and closes the pages for the operator at /dashboard. Works while the server runs and while it does not.")
    {
        Verb("password", "Sets the password, asked for here or read from standard input. Logins that were made with another one end.", password =>
        {
            password.Set(Ask());
            Console.WriteLine("The dashboard is open at /dashboard.");
        }),
        Verb("close", "Removes the password: there is no dashboard any more, and all logins end.", password =>
        {
            password.Remove();
            Console.WriteLine("The dashboard is closed.");
        }),
    };

    private static Command Verb(string name, string description, Action<DashboardPassword> work)
    {
        var command = new Command(name, description);
        command.SetAction(_ =>
        {
            var folder = ServerSettings.CreateQuietBuilder().Configuration.DataFolder();
            try
            {
                work(new DashboardPassword(new StoredFiles(Options.Create(new StorageOptions { DataFolder = folder }))));
            }
            catch (ArgumentException refused)
            {
                throw new CommandFailure(refused.Message);
            }
            return 0;
        });
        return command;
    }

    private static string Ask()
    {
        if (Console.IsInputRedirected)
            return Console.In.ReadLine() ?? "";
        var first = ReadHidden("New password: ");
        return ReadHidden("Once more:    ") == first ? first : throw new CommandFailure("The two are not the same.");
    }

    private static string ReadHidden(string prompt)
    {
        Console.Write(prompt);
        var typed = new StringBuilder();
        for (var key = Console.ReadKey(intercept: true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(intercept: true))
        {
            if (key.Key == ConsoleKey.Backspace)
                typed.Length = Math.Max(0, typed.Length - 1);
            else if (!char.IsControl(key.KeyChar))
                typed.Append(key.KeyChar);
        }
        Console.WriteLine();
        return typed.ToString();
    }
}

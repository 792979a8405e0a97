//! Ports without a server behind them.

use std::net::SocketAddr;
#[cfg(target_os = "linux")]
use std::time::Duration;

use tokio::net::TcpSocket;
#[cfg(target_os = "linux")]
use tokio::net::{TcpListener, TcpStream};

/// A port that refuses every connection for as long as this value lives: its socket is bound, so that no other
/// server can get the port, and does not listen.
#[derive(Debug)]
pub struct Refusing {
    address: SocketAddr,
    _socket: TcpSocket,
}

impl Refusing {
    /// Takes a port.
    ///
    /// # Panics
    /// Panics if loopback has no free port.
    #[allow(clippy::new_without_default, reason = "it takes a port")]
    pub fn new() -> Self {
        let (socket, address) = bound();
        Self { address, _socket: socket }
    }

    /// Returns the base URL of the port.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

/// A port whose connection attempts get no answer: the queue of its listener is full, and Linux drops what does not
/// fit.
#[cfg(target_os = "linux")]
#[derive(Debug)]
pub struct Unreachable {
    address: SocketAddr,
    _listener: TcpListener,
    _queue: Vec<TcpStream>,
}

#[cfg(target_os = "linux")]
impl Unreachable {
    /// Takes a port and fills its queue.
    ///
    /// # Panics
    /// Panics if loopback has no free port.
    pub async fn new() -> Self {
        /// A connection that fits into the queue is complete at once, however long this task waits for its turn.
        const PATIENCE: Duration = Duration::from_millis(100);

        let (socket, address) = bound();
        let listener = socket.listen(1).expect("a listener");
        let mut queue = Vec::new();
        while let Ok(Ok(connection)) = tokio::time::timeout(PATIENCE, TcpStream::connect(address)).await {
            queue.push(connection);
        }
        Self { address, _listener: listener, _queue: queue }
    }

    /// Returns the base URL of the port.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

fn bound() -> (TcpSocket, SocketAddr) {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind(SocketAddr::from(([127, 0, 0, 1], 0))).expect("a port on loopback");
    let address = socket.local_addr().expect("a bound socket has an address");
    (socket, address)
}

public import LibVesper
internal import ThreadSwitch

/// What a domain gives for its threads.
public struct ThreadResources {
  /// Address of a page for reading and writing that nobody else uses.
  public var page: UInt64
  public var domain: DomainCapability
  /// To be bound to the domain: carriers tell by it that a call was answered, and others what they will.
  public var notification: NotificationCapability
  /// Waited at while no thread can run. Nobody sends to it.
  public var endpoint: EndpointCapability
  /// The page's, for reading and writing, so that threads are preempted; nil if they are not to be.
  public var frame: FrameCapability?

  public init(
    page: UInt64, domain: DomainCapability, notification: NotificationCapability,
    endpoint: EndpointCapability,
    frame: FrameCapability? = nil
  ) {
    self.page = page
    self.domain = domain
    self.notification = notification
    self.endpoint = endpoint
    self.frame = frame
  }
}

/// The threads of the calling domain. The kernel knows the domain alone.
public enum Threads {
  /// Makes whoever calls this the main thread.
  public static func start(_ resources: ThreadResources) throws(Refusal) {
    try resources.domain.bind(resources.notification)
    let scheduler = Scheduler(page: resources.page)
    let main: Pointer<ThreadRecord> = Pointer<UInt64>(resources.page).part(at: Scheduler.mainOffset)
    main.object = ThreadRecord()
    scheduler.state.object = ThreadsState(
      current: main, main: main, endpoint: resources.endpoint, notification: resources.notification,
      domain: resources.domain, isPreemptive: resources.frame != nil)
    vesper_threads_set_page(resources.page)
    scheduler.prepareActivations()
    if let frame = resources.frame { try resources.domain.setControlBlock(frame) }
    scheduler.leave()
  }

  /// To be called by the main thread when there are no others and no calls any more.
  public static func stop() throws(Refusal) {
    let scheduler = Scheduler.own
    scheduler.enter()
    try scheduler.state.object.domain.setControlBlock(nil)
    try scheduler.state.object.domain.bind(nil)
    vesper_threads_set_page(0)
  }

  /// Lets the other threads run that can.
  public static func yield() {
    let scheduler = Scheduler.own
    scheduler.enter()
    scheduler.giveWay()
    scheduler.leave()
  }

  /// Waits until `Processor.time` is at least `time`.
  public static func sleep(until time: UInt64) {
    let scheduler = Scheduler.own
    scheduler.enter()
    scheduler.sleep(until: time)
    scheduler.leave()
  }

  /// Ends the calling thread, which is not the main thread, with a result.
  public static func exit(_ result: UInt64) -> Never {
    let scheduler = Scheduler.own
    scheduler.enter()
    let thread = scheduler.current
    precondition(thread != scheduler.state.object.main)
    thread.object.result = result
    thread.object.isFinished = true
    scheduler.makeReady(allOf: Thread(thread).joiners)
    scheduler.switchToNext()
    fatalError()
  }
}

@c(vesper_thread_main)
func threadMain(_ address: UInt64) {
  Scheduler.own.leave()
  let thread = Pointer<ThreadRecord>(address)
  Threads.exit(thread.object.body?(thread.object.argument) ?? 0)
}
